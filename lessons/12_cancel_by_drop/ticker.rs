//! `StockService.GetRealTimePrices`: the prices of a feed as a stream, in one of four ways.

use std::sync::Arc;

use tonic::{Request, Response, Status};
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_server::StockService;

use super::exchange::Exchange;
use super::price::Prices;
use super::{broken, fixed};

/// What carries prices from the feed to the response stream, and what ends it.
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
