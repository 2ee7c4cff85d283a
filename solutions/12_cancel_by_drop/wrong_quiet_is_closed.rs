//! Wrong: takes a quiet exchange for a closed one.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::time::timeout;
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
        let feed = feed.map_err(|_| Status::not_found("there is no such symbol"))?;
        // No task: when tonic drops the stream, in the middle of an `.await` or not, it drops the feed, too.
        let prices = stream::unfold(feed, async |mut feed| {
            let made = timeout(QUIET, feed.next()).await.ok()??;
            Some((Ok(price(made)), feed))
        });
        Ok(Response::new(prices.boxed()))
    }
}

/// No exchange is quiet for so long.
const QUIET: Duration = Duration::from_secs(2 * 60 * 60);

/// A price, made now.
fn price(price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: "ACME".to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}
