//! Exercise 12: a price ticker that stops at once.
//!
//! Write `get_real_time_prices`. Open a feed for the symbol (`self.exchange.subscribe`), and stream its
//! prices as they are made, until the exchange closes. A feed costs money for as long as it is open:
//! whenever and however the client leaves, close it in the same instant. Dropping a feed closes it.
//!
//! For a client that does not read hold at most 100 prices, and lose none. An unknown symbol is NotFound.
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
