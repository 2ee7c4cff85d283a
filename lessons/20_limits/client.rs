//! The clients that open streams.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};
use tonic_types::StatusExt as _;
use tracing::info;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::{Network, Outcome};

/// How long a call may take that has a limit.
const TIMEOUT: Duration = Duration::from_secs(1);
/// How long a client waits that has none.
const HOUR: Duration = Duration::from_secs(60 * 60);
/// So small that a few prices fill it, in bytes.
const WINDOW: u32 = 100;

// ANCHOR: ten
pub async fn ten(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=10).map(|number| open(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    log_live(&mut streams).await;
    Ok(())
}
// ANCHOR_END: ten

/// Ten at once, and then ten one after the other.
pub async fn ten_twice(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=10).map(|number| open(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    for number in 11..=20 {
        streams.extend(open(&channel, number).await);
    }
    log_live(&mut streams).await;
    Ok(())
}

pub async fn three(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let mut streams = Vec::new();
    for number in 1..=3 {
        streams.extend(open(&channel, number).await);
    }
    log_live(&mut streams).await;
    Ok(())
}

pub async fn three_hundred(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=300).map(|number| subscribe(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    log_live(&mut streams).await;
    Ok(())
}

// ANCHOR: silence
pub async fn silence(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=100).map(|number| subscribe(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    log_live(&mut streams).await;

    info!("opens stream 101, and says hi beside it");
    let mut stream_101 = Box::pin(open(&channel, 101));
    let mut hi = Box::pin(say_hi(&channel, None));
    tokio::select! {
        biased;
        _ = &mut stream_101 => {}
        () = &mut hi => {}
        () = network.sleep(HOUR) => {
            info!(waited_s = HOUR.as_secs(), "an hour later neither has an answer");
        }
    }
    info!("says hi with a limit of {} s", TIMEOUT.as_secs());
    say_hi(&channel, Some(TIMEOUT)).await;
    info!(step = "drops", "drops two of the streams");
    streams.truncate(streams.len() - 2);
    let (_stream_101, ()) = futures::join!(stream_101, hi);
    Ok(())
}
// ANCHOR_END: silence

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
    let narrow = |endpoint: tonic::transport::Endpoint| endpoint.initial_stream_window_size(WINDOW);
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

/// Opens a stream, and logs how that ended.
async fn open(channel: &Channel, number: u32) -> Option<Streaming<StockPrice>> {
    match subscribe(channel, number).await {
        Ok(prices) => {
            info!(opened = number, "stream {number} is open");
            Some(prices)
        }
        Err(status) => {
            log_refusal(number, &status);
            None
        }
    }
}

async fn subscribe(channel: &Channel, number: u32) -> Result<Streaming<StockPrice>, Status> {
    let symbol = format!("S{number}");
    let mut client = StockServiceClient::new(channel.clone());
    Ok(client
        .get_real_time_prices(StockRequest { symbol })
        .await?
        .into_inner())
}

// ANCHOR: refusal
fn log_refusal(number: u32, status: &Status) {
    let (code, text) = (status.code(), status.message());
    info!(?code, text, "stream {number}: {code:?}: {text}");
    // The client waits for as long as the server says, and not for a time of its own.
    let details = status.get_error_details();
    let retry_after = details.retry_info().and_then(|retry| retry.retry_delay);
    if let Some(delay) = retry_after {
        let retry_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        let bytes = status.details().len();
        info!(
            retry_ms,
            bytes, "RetryInfo: in {retry_ms} ms ({bytes} bytes of details)"
        );
    }
}
// ANCHOR_END: refusal

/// Reads one price of each stream, and logs how many have one.
async fn log_live(streams: &mut [Streaming<StockPrice>]) {
    let first = streams.iter_mut().map(Streaming::message);
    let live = join_all(first).await;
    let live = live
        .iter()
        .filter(|price| matches!(price, Ok(Some(_))))
        .count();
    info!(live, "streams that bring prices: {live}");
}

async fn read_to_the_end(prices: Option<Streaming<StockPrice>>) {
    let Some(mut prices) = prices else { return };
    let mut read = 0;
    loop {
        match prices.message().await {
            Ok(Some(_)) => read += 1,
            Ok(None) => return info!(read, "read {read} prices, and the end"),
            Err(status) => {
                let code = status.code();
                return info!(read, ?code, "read {read} prices, then {code:?}");
            }
        }
    }
}

/// Calls a method that is no stream, and logs how that ended.
pub async fn say_hi(channel: &Channel, limit: Option<Duration>) {
    let name = "Ada".to_owned();
    let mut request = Request::new(SayHiRequest { name });
    if let Some(limit) = limit {
        request.set_timeout(limit);
    }
    match GreeterServiceClient::new(channel.clone())
        .say_hi(request)
        .await
    {
        Ok(reply) => {
            let reply = reply.into_inner().message;
            info!(reply, "got {reply:?}");
        }
        Err(status) => {
            let (code, text) = (status.code(), status.message());
            info!(hi_code = ?code, text, "SayHi: {code:?}: {text}");
        }
    }
}
