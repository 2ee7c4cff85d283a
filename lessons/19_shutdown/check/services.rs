//! The services of the exercise's server. What a call does stands in its request.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming, async_trait};
use workbook::grade::Script;
use workbook::proto::greeter::greeter_service_server::GreeterService;
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamRequest, StreamResponse};

use super::{Prices, SECOND, Subject};

#[derive(Clone)]
pub struct Services {
    subject: Subject,
    ends: CancellationToken,
}

impl Services {
    pub fn new(subject: Subject, ends: CancellationToken) -> Self {
        Self { subject, ends }
    }
}

fn price(number: i64) -> StockPrice {
    StockPrice {
        timestamp: number,
        ..StockPrice::default()
    }
}

/// A price of a kibibyte.
fn large(number: i64) -> StockPrice {
    StockPrice {
        symbol: "x".repeat(1024),
        ..price(number)
    }
}

#[async_trait]
impl StockService for Services {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        let prices = match request.into_inner().symbol.as_str() {
            "three" => Script::new().send_all((1..=3).map(price)).responses(),
            "error" => Script::new().fail(Status::not_found("gone")).responses(),
            // tonic encodes 32 KiB of a stream that is always ready before it sends anything.
            "busy" => stream::iter(1..).map(|number| Ok(large(number))).boxed(),
            "late" => {
                sleep(SECOND).await;
                stream::pending().boxed()
            }
            _ => stream::pending().boxed(),
        };
        let told = (self.subject.told)(prices, self.ends.clone());
        Ok(Response::new(told))
    }
}

#[async_trait]
impl GreeterService for Services {
    /// The name is the time that the answer takes, in seconds.
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        sleep(duration(&request.into_inner().name)?).await;
        Ok(Response::new(SayHiResponse::default()))
    }
}

/// Seconds, as a request has them.
pub fn duration(text: &str) -> Result<Duration, Status> {
    let seconds = text.parse().ok();
    let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    duration.ok_or_else(|| Status::invalid_argument("no number of seconds"))
}

#[async_trait]
impl StreamService for Services {
    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;
    type RouteStream = Self::ListStream;

    async fn list(&self, _: Request<StreamRequest>) -> Result<Response<Self::ListStream>, Status> {
        Err(Status::unimplemented("List"))
    }

    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let mut points = request.into_inner();
        while points.message().await?.is_some() {}
        Ok(Response::new(StreamResponse::default()))
    }

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("Route"))
    }
}
