//! What a client logs.

use std::error::Error as _;

use tonic::Status;
use tracing::info;
use workbook::proto::stocks::watch_response::Kind;
use workbook::proto::stocks::{StockPrice, WatchResponse};

pub fn log_price(price: &StockPrice) {
    info!(price = price.timestamp, "got price {}", price.timestamp);
}

pub fn log_event(event: WatchResponse) {
    match event.kind {
        Some(Kind::Price(price)) => log_price(&price),
        Some(Kind::Heartbeat(_)) => info!(heartbeat = true, "got a heartbeat"),
        // From a newer server: it is there, whatever it says.
        None => {}
    }
}

/// The code and the message, and the causes: the message alone is often only tonic's.
pub fn log_failure(status: &Status) {
    info!(code = ?status.code(), "{:?}: {}", status.code(), status.message());
    let mut causes = Vec::new();
    let mut cause = status.source().and_then(|own| own.source());
    while let Some(deeper) = cause {
        causes.push(deeper.to_string());
        cause = deeper.source();
    }
    if !causes.is_empty() {
        let causes = causes.join(", ");
        info!(causes, "caused by: {causes}");
    }
}
