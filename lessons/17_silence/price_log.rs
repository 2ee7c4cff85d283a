//! What a client logs.

use std::error::Error as _;

use tonic::Status;
use tracing::info;
use workbook::proto::stocks::StockPrice;

pub fn log_price(price: &StockPrice) {
    info!(price = price.timestamp, "got price {}", price.timestamp);
}

/// The code, the message, and the cause that lies deepest: the message alone is often only tonic's.
pub fn log_failure(status: &Status) {
    info!(code = ?status.code(), "{:?}: {}", status.code(), status.message());
    let mut cause = status.source();
    while let Some(deeper) = cause.and_then(|cause| cause.source()) {
        cause = Some(deeper);
    }
    if let Some(cause) = cause {
        let cause = cause.to_string();
        info!(cause, "the cause: {cause}");
    }
}
