//! What the streams of this lesson carry.

use std::time::{SystemTime, UNIX_EPOCH};

use futures::stream::BoxStream;
use tonic::Status;
use workbook::proto::stocks::StockPrice;

/// One item of the response stream.
pub type Item = Result<StockPrice, Status>;
/// The response stream.
pub type Prices = BoxStream<'static, Item>;

/// A queued price is already out of date, so there is no use in holding more than one.
pub const WAITING: usize = 1;

/// A price, made now.
pub fn price(price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: "ACME".to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}
