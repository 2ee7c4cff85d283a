//! Exercise 17: a subscription that knows whether the server is still there.
//!
//! Write `Subscription`, a client of `QuoteService.Watch`:
//! - `open` subscribes to a symbol; `next` returns its prices, and `None` at the end. A status of the server
//!   is returned as it is.
//! - When the server has said nothing for 30 s, `open` or `next` returns Unavailable. Every message counts as
//!   a sign of life: a market may be quiet for days. Heartbeats are not for the reader.
//! - The reader may drop the future of `next` and call it again, and it may do something else for minutes. A
//!   reader that is slow is no reason to give up, however much it has not read: what has arrived in time is
//!   returned. How much of that waits in memory is up to you. When the reader is back, a message counts from
//!   when it arrived or from when it is read, as you like.
//! - The server ends a subscription if it has received nothing for 30 s, whether the reader reads or not. Send
//!   heartbeats, and let 20 s pass between two, counted where they leave your code. Those that could not be
//!   sent are not made up for.
//! - When the subscription is dropped, or the future of `open`, nothing of it stays, at either side.
//!
//! Check it:     cargo run --bin lesson17 -- check

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::stocks::StockPrice;

/// A subscription.
pub struct Subscription {
    // Add what it needs.
}

impl Subscription {
    /// Calls `Watch`, and subscribes.
    pub async fn open(channel: Channel, symbol: &str) -> Result<Self, Status> {
        todo!("subscribe to {symbol} through {channel:?}")
    }

    /// The next price; None at the end.
    pub async fn next(&mut self) -> Result<Option<StockPrice>, Status> {
        todo!("return the next price, or notice that the server is dead")
    }
}
