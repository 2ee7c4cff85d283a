//! What all servers of this lesson serve: a market without a limit of its own, and greetings.

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status};
use workbook::proto::greeter::greeter_service_server::GreeterService;
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::feed::{Feed, Prices};

/// How a market behaves on one day.
#[derive(Clone, Copy)]
pub struct Day {
    /// How long a handler works before it answers.
    pub works: Duration,
    pub prices: u32,
    /// Between two prices.
    pub pause: Duration,
}

/// For most scenes: ten prices, one a second.
pub const DAY: Day = Day {
    works: Duration::ZERO,
    prices: 10,
    pause: Duration::from_secs(1),
};
/// The handler looks something up before it answers.
pub const WORKING: Day = Day {
    works: Duration::from_millis(100),
    ..DAY
};
/// One price, and the next one tomorrow.
pub const QUIET: Day = Day {
    prices: 2,
    pause: Duration::from_secs(24 * 60 * 60),
    ..DAY
};

/// Twenty prices on their way at any time, where a frame travels for 20 ms each way.
pub const BUSY: Day = Day {
    pause: Duration::from_millis(2),
    prices: 100,
    ..DAY
};

impl Day {
    /// Its prices; the first one comes at once.
    pub fn prices(self, symbol: &str) -> Prices {
        let symbol = symbol.to_owned();
        stream::iter(0..self.prices)
            .then(move |number| {
                let symbol = symbol.clone();
                async move {
                    if number > 0 {
                        sleep(self.pause).await;
                    }
                    Ok(StockPrice {
                        symbol,
                        price: 100.0 + f64::from(number),
                        timestamp: 0,
                    })
                }
            })
            .boxed()
    }
}

/// Admits every call.
pub struct Market(pub Day);

#[tonic::async_trait]
impl StockService for Market {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        sleep(self.0.works).await;
        Ok(Response::new(self.0.prices(&request.into_inner().symbol)))
    }
}

impl Feed for Market {
    fn open(&self, symbol: String) -> BoxFuture<'static, Result<Prices, Status>> {
        let day = self.0;
        Box::pin(async move { Ok(day.prices(&symbol)) })
    }
}

/// The short call beside the streams.
pub struct Greeter;

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
