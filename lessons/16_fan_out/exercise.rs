//! Exercise 16: a hub for two kinds of data.
//!
//! Write `Hub`: what is published goes to all subscribers, and none of them makes the others, or the
//! producer, wait.
//! - `prices`: the newest price of each symbol, beginning with those that are known already. The newest is
//!   the one that was published last, even if it equals the one before. A price that a newer one of its
//!   symbol has replaced is not given any more, none is given twice, and each symbol gets its turn.
//! - `trades`: every trade from now on, in order. The hub keeps the newest `kept` trades, which is at
//!   least one. A subscriber that needs an older one gets DataLoss in its place, with the number of
//!   trades that are no longer kept in the message, and its stream ends.
//!
//! When the hub is dropped, each stream gives what there still is to give, and ends. `subscribers` is
//! how many streams are held, ended or not; when one is dropped, nothing of it stays.
//!
//! Check it:     cargo run --bin lesson16 -- check

use futures::stream::BoxStream;
use tonic::Status;
use workbook::proto::stocks::{StockPrice, Trade};

/// A hub. Shared by the producer and by the handlers of all subscribers.
pub struct Hub {
    kept: usize,
}

impl Hub {
    /// A hub that keeps that many trades.
    pub fn new(kept: usize) -> Self {
        Self { kept }
    }

    /// Publishes a price.
    pub async fn publish_price(&self, price: StockPrice) {
        todo!("keep {price:?} until it is given, or replaced")
    }

    /// Publishes a trade.
    pub async fn publish_trade(&self, trade: Trade) {
        todo!("keep {trade:?} until {} newer ones are there", self.kept)
    }

    /// The newest price of each symbol.
    pub fn prices(&self) -> BoxStream<'static, Result<StockPrice, Status>> {
        todo!("give the newest price of the next symbol that has one")
    }

    /// Every trade from now on.
    pub fn trades(&self) -> BoxStream<'static, Result<Trade, Status>> {
        todo!("give every trade, or an error that says how many are missing")
    }

    /// How many subscribers there are, of both kinds.
    pub fn subscribers(&self) -> usize {
        todo!("count the streams that are held")
    }
}
