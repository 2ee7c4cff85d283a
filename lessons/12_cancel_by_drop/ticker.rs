//! `StockService.GetRealTimePrices`: a feed made into a stream, in one of four ways.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use futures::stream::BoxStream;
use tonic::{Request, Response, Status};
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::exchange::Exchange;
use super::{broken, fixed};

/// One item of the response stream.
pub type Item = Result<StockPrice, Status>;
/// The response stream.
pub type Prices = BoxStream<'static, Item>;

/// Who carries prices from the feed to the client, and until when.
#[derive(Debug, Clone, Copy)]
pub enum Follow {
    IgnoringSends,
    UntilASendFails,
    UntilClosed,
    Inline,
}

pub struct Ticker {
    pub exchange: Arc<Exchange>,
    pub follow: Follow,
}

#[tonic::async_trait]
impl StockService for Ticker {
    type GetRealTimePricesStream = Prices;

    // ANCHOR: handler
    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        let symbol = request.into_inner().symbol;
        let feed = self.exchange.subscribe(&symbol).await;
        let feed = feed.map_err(|_| Status::not_found("there is no such symbol: try ACME"))?;
        Ok(Response::new(match self.follow {
            Follow::IgnoringSends => broken::ignoring_sends(feed),
            Follow::UntilASendFails => broken::until_a_send_fails(feed),
            Follow::UntilClosed => fixed::until_closed(feed),
            Follow::Inline => fixed::inline(feed),
        }))
    }
    // ANCHOR_END: handler
}

/// A price, made now.
pub fn price(price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: "ACME".to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}
