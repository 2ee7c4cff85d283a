//! Wrong: pauses after every ten prices, and does not wait for the disconnect meanwhile.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio::time::sleep;
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
            for given in 1.. {
                let made = tokio::select! {
                    biased;
                    () = prices.closed() => return,
                    made = feed.next() => made,
                };
                let Some(made) = made else { return };
                if prices.send(Ok(price(made))).await.is_err() {
                    return;
                }
                if given % BURST == 0 {
                    sleep(PAUSE).await;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(taken).boxed()))
    }
}

/// So many prices, then a pause for the connection.
const BURST: usize = 10;
const PAUSE: Duration = Duration::from_millis(200);

/// A price, made now.
fn price(price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: "ACME".to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}
