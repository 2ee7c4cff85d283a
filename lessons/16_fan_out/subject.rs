//! The exercise, as its check uses it.

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use workbook::proto::stocks::{StockPrice, Trade};

use super::check::{Subject, TwoKinds};
use super::exercise::Hub;

pub const SUBJECT: Subject = |kept| Box::new(Hub::new(kept));

impl TwoKinds for Hub {
    fn price(&self, price: StockPrice) -> BoxFuture<'_, ()> {
        Box::pin(self.publish_price(price))
    }

    fn trade(&self, trade: Trade) -> BoxFuture<'_, ()> {
        Box::pin(self.publish_trade(trade))
    }

    fn prices(&self) -> BoxStream<'static, Result<StockPrice, Status>> {
        self.prices()
    }

    fn trades(&self) -> BoxStream<'static, Result<Trade, Status>> {
        self.trades()
    }

    fn subscribers(&self) -> usize {
        self.subscribers()
    }
}
