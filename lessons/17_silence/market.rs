//! `StockService`, and the prices of a market that may be quiet.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status};
use tracing::info;
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};

/// What happens at a market.
#[derive(Debug, Clone, Copy)]
pub enum Market {
    /// There is one price, and then no other.
    Quiet,
    /// A price after each pause.
    Every(Duration),
    /// So busy with something else that the handler does not answer.
    Stuck,
}

impl Market {
    /// The price of now. Each subscriber gets it first.
    pub fn current(self) -> StockPrice {
        price(1)
    }

    /// The prices after it. The stream does not end: a market that is quiet is not closed.
    pub fn changes(self) -> BoxStream<'static, StockPrice> {
        match self {
            Self::Quiet | Self::Stuck => stream::pending().boxed(),
            Self::Every(pause) => stream::unfold(2, move |number| async move {
                sleep(pause).await;
                Some((price(number), number + 1))
            })
            .boxed(),
        }
    }
}

/// The price of that number, of the only symbol that is traded.
fn price(number: u32) -> StockPrice {
    StockPrice {
        symbol: "ACME".to_owned(),
        price: 100.0 + f64::from(number) / 100.0,
        timestamp: i64::from(number),
    }
}

/// Refuses symbols that are not traded here.
pub fn check_symbol(symbol: &str) -> Result<(), Status> {
    if symbol == "ACME" {
        return Ok(());
    }
    Err(Status::not_found("there is no such symbol: try ACME"))
}

// ANCHOR: plain
#[tonic::async_trait]
impl StockService for Market {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        check_symbol(&request.into_inner().symbol)?;
        let open = Open("the call is dropped");
        if let Self::Stuck = self {
            std::future::pending::<()>().await;
        }
        let current = stream::iter([self.current()]);
        let prices = current.chain(self.changes()).map(move |price| {
            let _held = &open;
            Ok(price)
        });
        Ok(Response::new(prices.boxed()))
    }
}
// ANCHOR_END: plain

/// Logs when a call is dropped.
pub struct Open(pub &'static str);

impl Drop for Open {
    fn drop(&mut self) {
        info!(step = "dropped", "{}", self.0);
    }
}
