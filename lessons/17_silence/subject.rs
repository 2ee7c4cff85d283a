//! The exercise, as its check uses it.

use futures::future::BoxFuture;
use tonic::Status;
use workbook::proto::stocks::StockPrice;

use super::check::{Prices, Subject};
use super::exercise::Subscription;

impl Prices for Subscription {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<StockPrice>, Status>> {
        Box::pin(self.next())
    }
}

pub const SUBJECT: Subject = |channel, symbol| {
    Box::pin(async move {
        let prices: Box<dyn Prices> = Box::new(Subscription::open(channel, symbol).await?);
        Ok(prices)
    })
};
