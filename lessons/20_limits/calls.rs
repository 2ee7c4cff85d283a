//! The calls that the clients of this lesson make, and what they log of them.

use std::time::Duration;

use futures::future::join_all;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};
use tonic_types::StatusExt as _;
use tracing::info;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::proto::stocks::{StockPrice, StockRequest};

/// Opens a stream, and logs how that ended.
pub async fn open(channel: &Channel, number: u32) -> Option<Streaming<StockPrice>> {
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

pub async fn subscribe(channel: &Channel, number: u32) -> Result<Streaming<StockPrice>, Status> {
    let symbol = format!("S{number}");
    let mut client = StockServiceClient::new(channel.clone());
    Ok(client
        .get_real_time_prices(StockRequest { symbol })
        .await?
        .into_inner())
}

// ANCHOR: retry_after
/// When the server says that another attempt can help, if it says so.
pub fn retry_after(status: &Status) -> Option<Duration> {
    let details = status.get_error_details();
    details.retry_info().and_then(|retry| retry.retry_delay)
}
// ANCHOR_END: retry_after

pub fn log_refusal(number: u32, status: &Status) {
    let (code, text) = (status.code(), status.message());
    info!(?code, text, "stream {number}: {code:?}: {text}");
    if let Some(delay) = retry_after(status) {
        let retry_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        let bytes = status.details().len();
        info!(
            retry_ms,
            bytes, "RetryInfo: in {retry_ms} ms ({bytes} bytes of details)"
        );
    }
}

/// Reads one price of each stream, and logs how many have one.
pub async fn log_live(streams: &mut [Streaming<StockPrice>]) {
    let first = streams.iter_mut().map(Streaming::message);
    let live = join_all(first).await;
    let live = live
        .iter()
        .filter(|price| matches!(price, Ok(Some(_))))
        .count();
    info!(live, "streams that bring prices: {live}");
}

pub async fn read_to_the_end(prices: Option<Streaming<StockPrice>>) {
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
