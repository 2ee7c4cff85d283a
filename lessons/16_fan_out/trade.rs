//! What the streams of this lesson carry.

use futures::stream::BoxStream;
use tonic::Status;
use workbook::proto::stocks::Trade;

/// One item of the response stream.
pub type Item = Result<Trade, Status>;
/// The response stream.
pub type Trades = BoxStream<'static, Item>;

/// How many trades the hub keeps for subscribers that are behind. A power of two, because
/// `broadcast::channel` rounds up to one.
pub const KEPT: usize = 8;

/// The trade of that number, with an order book of that many bytes.
pub fn trade(number: u64, book: usize) -> Trade {
    let cents = u32::try_from(number).unwrap_or(u32::MAX);
    Trade {
        number,
        symbol: "ACME".to_owned(),
        price: 100.0 + f64::from(cents) / 100.0,
        missing: 0,
        book: vec![0; book],
    }
}
