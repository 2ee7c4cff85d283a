//! Limits that limit something else than streams, and a limit that answers nothing.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status};
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_server::{StockService, StockServiceServer};

use super::feed::Prices;
use super::market::{Day, Greeter, Market};

// ANCHOR: concurrency_limit
/// How many streams these servers are meant to allow.
const STREAMS: usize = 2;

/// Wrong for streams: the limit counts handlers until they answer, and an open stream has answered.
pub fn concurrency_limit(day: Day) -> Router {
    Server::builder()
        .concurrency_limit_per_connection(STREAMS)
        .add_service(StockServiceServer::new(Market(day)))
}
// ANCHOR_END: concurrency_limit

/// The same, and a call that would have to wait is refused. It counts handlers, too.
pub fn load_shed(day: Day) -> Router {
    Server::builder()
        .concurrency_limit_per_connection(STREAMS)
        .load_shed(true)
        .add_service(StockServiceServer::new(Market(day)))
}

// ANCHOR: max_concurrent_streams
/// A client opens at most this many calls on one connection, streams or not: HTTP/2 calls both streams.
const CALLS: u32 = 100;

/// Wrong as a refusal: the client's h2 keeps call 101 to itself, and tells neither side.
pub fn max_concurrent_streams(day: Day) -> Router {
    Server::builder()
        .max_concurrent_streams(CALLS)
        .add_service(StockServiceServer::new(Market(day)))
        .add_service(GreeterServiceServer::new(Greeter))
}
// ANCHOR_END: max_concurrent_streams

// ANCHOR: permit_in_the_handler
/// Wrong: the permit is dropped when the handler returns, and the stream begins then.
pub struct PermitInTheHandler {
    day: Day,
    permits: Arc<Semaphore>,
}

#[tonic::async_trait]
impl StockService for PermitInTheHandler {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        let _permit = self
            .permits
            .try_acquire()
            .map_err(|_| Status::resource_exhausted("too many streams are open"))?;
        let prices = self.day.prices(&request.into_inner().symbol);
        Ok(Response::new(prices))
    }
}
// ANCHOR_END: permit_in_the_handler

impl PermitInTheHandler {
    pub fn router(day: Day) -> Router {
        let permits = Arc::new(Semaphore::new(STREAMS));
        Server::builder().add_service(StockServiceServer::new(Self { day, permits }))
    }
}
