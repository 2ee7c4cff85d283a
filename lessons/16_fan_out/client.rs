//! The subscribers of this lesson's scenes.

use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Endpoint;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::stocks::trade_service_client::TradeServiceClient;
use workbook::proto::stocks::{Trade, TradesRequest};
use workbook::{Failure, Network, Outcome};

/// The stream window of a subscriber, in bytes: 15 trades of 1 KiB, and a part of the next.
const WINDOW: u32 = 16 * 1024;
/// How long the slow subscriber does something else before it reads.
const BUSY: Duration = Duration::from_secs(10);
/// How long a subscriber that has forgotten its stream does not read.
const AWAY: Duration = Duration::from_secs(60 * 60);

pub async fn fast(network: Network) -> Outcome {
    read(subscribe(&network, narrow).await?).await;
    Ok(())
}

// ANCHOR: slow
pub async fn slow(network: Network) -> Outcome {
    let trades = subscribe(&network, narrow).await?;
    sleep(BUSY).await;
    info!(step = "reads", "reads");
    read(trades).await;
    Ok(())
}
// ANCHOR_END: slow

/// The slow one with tonic's own window.
pub async fn slow_with_defaults(network: Network) -> Outcome {
    let trades = subscribe(&network, |endpoint| endpoint).await?;
    sleep(BUSY).await;
    info!(step = "reads", "reads");
    read(trades).await;
    Ok(())
}

pub async fn away(network: Network) -> Outcome {
    let trades = subscribe(&network, narrow).await?;
    network.sleep(AWAY).await;
    info!(step = "reads", "reads");
    read(trades).await;
    Ok(())
}

fn narrow(endpoint: Endpoint) -> Endpoint {
    endpoint.initial_stream_window_size(WINDOW)
}

async fn subscribe(
    network: &Network,
    configure: impl FnOnce(Endpoint) -> Endpoint,
) -> Result<Streaming<Trade>, Failure> {
    let mut client = TradeServiceClient::new(network.channel_with(configure).await?);
    let symbol = "ACME".to_owned();
    let trades = client.get_trades(TradesRequest { symbol }).await?;
    Ok(trades.into_inner())
}

/// Reads to the end, and logs each unbroken run of numbers as one line.
async fn read(mut trades: Streaming<Trade>) {
    let mut run: Option<(u64, u64)> = None;
    loop {
        let next = trades.message().await;
        let number = match &next {
            Ok(Some(trade)) => Some(trade.number),
            _ => None,
        };
        match (run, number) {
            (Some((first, last)), Some(number)) if number == last + 1 => {
                run = Some((first, number))
            }
            _ => {
                log_run(run);
                run = number.map(|number| (number, number));
            }
        }
        match next {
            Ok(Some(Trade { missing: 0, .. })) => {}
            Ok(Some(Trade { missing, .. })) => info!(missing, "is told that {missing} are missing"),
            Ok(None) => return info!(step = "end", "the end, OK"),
            Err(status) => return log_failure(&status),
        }
    }
}

fn log_run(run: Option<(u64, u64)>) {
    match run {
        Some((first, last)) if first == last => info!(first, last, "got {first}"),
        Some((first, last)) => info!(first, last, "got {first} to {last}"),
        None => {}
    }
}

fn log_failure(status: &Status) {
    info!(
        code = ?status.code(),
        "{:?}: {}",
        status.code(),
        status.message()
    );
}
