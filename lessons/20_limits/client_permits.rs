//! The clients of a server that admits two streams.

use std::time::Duration;

use tokio::time::sleep;
use tonic::Streaming;
use tonic::transport::{Channel, Endpoint};
use tracing::info;
use workbook::proto::stocks::StockPrice;
use workbook::{Network, Outcome};

use super::calls::{log_refusal, open, read_to_the_end, retry_after, say_hi, subscribe};

/// How long a client reads nothing that has forgotten its streams.
const HOUR: Duration = Duration::from_secs(60 * 60);
/// So small that a few prices fill it, in bytes.
const WINDOW: u32 = 100;
/// How long a stream lives that makes room for another one.
const SHORT: Duration = Duration::from_millis(1250);
/// How often a refused client tries.
const ATTEMPTS: u32 = 3;

// ANCHOR: fixed
pub async fn fixed(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let first = open(&channel, 1).await;
    let second = open(&channel, 2).await;
    open(&channel, 3).await;
    say_hi(&channel, None).await;
    info!(step = "drops", "drops the first stream");
    drop(first);
    let third = open(&channel, 3).await;
    info!(step = "reads", "reads the second stream to its end");
    read_to_the_end(second).await;
    drop(open(&channel, 4).await);
    drop(third);
    Ok(())
}
// ANCHOR_END: fixed

/// Two streams that are not read. The market closes after ten seconds.
pub async fn unread(network: Network) -> Outcome {
    let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
    let channel = network.channel_with(narrow).await?;
    let first = subscribe(&channel, 1).await.ok();
    let _second = subscribe(&channel, 2).await.ok();
    info!("opened two streams, and reads neither for an hour");
    network.sleep(HOUR).await;
    open(&channel, 3).await;
    info!(step = "reads", "reads the first stream to its end");
    read_to_the_end(first).await;
    open(&channel, 3).await;
    Ok(())
}

/// Opens two streams, and its packets stop arriving.
pub async fn vanishes(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let _streams = (open(&channel, 1).await, open(&channel, 2).await);
    if let Some(lab) = network.in_lab() {
        info!(step = "vanishes", "the network to this client is gone");
        lab.link("ada", "market").partition();
    }
    network.sleep(Duration::from_secs(30)).await;
    Ok(())
}

/// Asks for a stream before the server has noticed, and after it.
pub async fn asks_twice(network: Network) -> Outcome {
    let channel = network.channel().await?;
    for wait in [5, 11] {
        sleep(Duration::from_secs(wait)).await;
        open(&channel, 1).await;
    }
    Ok(())
}

/// The third of three streams is refused, and admitted when one of the others is over.
pub async fn retries(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let first = open(&channel, 1).await;
    let _second = open(&channel, 2).await;
    let ends = async {
        sleep(SHORT).await;
        info!(step = "drops", "drops the first stream");
        drop(first);
    };
    let (_third, ()) = futures::join!(open_when_admitted(&channel, 3), ends);
    Ok(())
}

// ANCHOR: retries
/// Tries again when the server says so, a few times. Many clients that are refused in the same instant come
/// back in the same instant: where there are many, add a random part to the delay.
async fn open_when_admitted(channel: &Channel, number: u32) -> Option<Streaming<StockPrice>> {
    for _ in 0..ATTEMPTS {
        match subscribe(channel, number).await {
            Ok(prices) => {
                info!(opened = number, "stream {number} is open");
                return Some(prices);
            }
            Err(status) => {
                log_refusal(number, &status);
                // Without a RetryInfo the server does not say that another attempt can help.
                sleep(retry_after(&status)?).await;
            }
        }
    }
    None
}

// ANCHOR_END: retries
