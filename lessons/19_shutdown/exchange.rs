//! The exchange: prices without an end, and greetings that take their time.

use std::time::Duration;

use futures::stream::{self, BoxStream};
use tokio::time::{Instant, sleep, sleep_until};
use tonic::{Request, Response, Status, async_trait};
use tracing::info;
use workbook::graceful::Shutdown;
use workbook::proto::greeter::greeter_service_server::GreeterService;
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};

/// How long a greeting takes.
pub const GREETING: Duration = Duration::from_millis(700);

/// An exchange that has opened. Its prices are counted from then on.
#[derive(Clone)]
pub struct Exchange {
    opened: Instant,
    pause: Duration,
    shutdown: Shutdown,
}

impl Exchange {
    /// Opens, with one price in each `pause`.
    pub fn opens(pause: Duration, shutdown: Shutdown) -> Self {
        Self {
            opened: Instant::now(),
            pause,
            shutdown,
        }
    }

    /// The prices from now on.
    fn prices(
        &self,
    ) -> impl futures::Stream<Item = Result<StockPrice, Status>> + Send + 'static + use<> {
        let Self { opened, pause, .. } = *self;
        let passed = opened.elapsed().as_millis() / pause.as_millis();
        // A program that has run for so long has more to worry about than its first price.
        let passed = u32::try_from(passed).unwrap_or(u32::MAX - 1);
        stream::unfold((passed + 1, Open), move |(number, open)| async move {
            sleep_until(opened + pause * number).await;
            Some((Ok(price(number)), (number.saturating_add(1), open)))
        })
    }
}

fn price(number: u32) -> StockPrice {
    StockPrice {
        symbol: "ACME".to_owned(),
        price: 100.0 + f64::from(number) / 100.0,
        timestamp: i64::from(number),
    }
}

// ANCHOR: handler
#[async_trait]
impl StockService for Exchange {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        if request.into_inner().symbol != "ACME" {
            return Err(Status::not_found("there is no such symbol: try ACME"));
        }
        info!(step = "stream_opened", "a stream is opened");
        Ok(Response::new(self.shutdown.ends(self.prices())))
    }
}
// ANCHOR_END: handler

#[async_trait]
impl GreeterService for Exchange {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        sleep(GREETING).await;
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}

/// Logs when the response stream is dropped.
struct Open;

impl Drop for Open {
    fn drop(&mut self) {
        info!(step = "stream_dropped", "the stream is dropped");
    }
}
