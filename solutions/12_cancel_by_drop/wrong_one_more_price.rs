//! Wrong: notices the disconnect at once, and then takes one more price for the log.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::exchange::Exchange;

/// The service.
pub struct Ticker {
    /// Where prices come from: see `exchange.rs`.
    pub exchange: Arc<Exchange>,
}

#[tonic::async_trait]
impl StockService for Ticker {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        let symbol = request.into_inner().symbol;
        let feed = self.exchange.subscribe(&symbol).await;
        let mut feed = feed.map_err(|_| Status::not_found("there is no such symbol"))?;
        let (prices, taken) = mpsc::channel(1);
        tokio::spawn(async move {
            loop {
                let made = tokio::select! {
                    biased;
                    () = prices.closed() => break,
                    made = feed.next() => made,
                };
                let Some(made) = made else { break };
                let _ = prices.send(Ok(price(made))).await;
            }
            // One more price, for the log.
            let _ = feed.next().await;
        });
        Ok(Response::new(ReceiverStream::new(taken).boxed()))
    }
}

/// A price, made now.
fn price(price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: "ACME".to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}
