//! Exercise 12: a price ticker that stops at once.
//!
//! Write `get_real_time_prices`. Open a feed for the symbol (`self.exchange.subscribe`), and stream its
//! prices as they are made, until the exchange closes. A feed costs money for as long as it is open, so
//! close it in the same instant in which the client disconnects, however that happens. Dropping a feed
//! closes it.
//!
//! Hold at most 100 prices for a client that does not read, and lose none. Return NotFound for an
//! unknown symbol.
//!
//! Check it:     cargo run --bin lesson12 -- check
//! Try it:       cargo run --bin lesson12 -- serve --mine

use std::sync::Arc;

use futures::stream::BoxStream;
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
        let _ = (&self.exchange, request.into_inner());
        todo!(
            "open a feed, and stream its prices: symbol, price, and the time in seconds since 1970"
        )
    }
}
