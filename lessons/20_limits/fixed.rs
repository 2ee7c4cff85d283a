//! A limit on streams: the permit is a part of the response stream.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};
use tracing::info;
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_server::{StockService, StockServiceServer};

use super::feed::Prices;
use super::market::{Day, Greeter};

// ANCHOR: limits
/// How many streams may be open. Measure what one costs the server, and divide what it has.
const STREAMS: usize = 2;
/// When a refused client may try again. About as long as it takes until some stream ends.
const RETRY_AFTER: Duration = Duration::from_millis(1500);
/// How often the server asks whether a client is still there, and how long it waits for the answer.
/// Without these the permit of a client that has vanished is never given back.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));
// ANCHOR_END: limits

// ANCHOR: fixed
/// At most so many streams are open, over all connections. More are refused at once.
///
/// Costs the clients a retry. It is the wrong limit for calls that are over soon: let those wait for a
/// permit, for a bounded time. It does not free the permit of a client that does not read.
pub struct Limited {
    day: Day,
    permits: Arc<Semaphore>,
}

#[tonic::async_trait]
impl StockService for Limited {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        let permit = Arc::clone(&self.permits)
            .try_acquire_owned()
            .map_err(|_| too_many_streams())?;
        let permit = Admitted(permit);
        let prices = self.day.prices(&request.into_inner().symbol);
        // The closure owns the permit, and the stream owns the closure: however the stream ends,
        // tonic drops it, and the permit with it.
        let prices = prices.inspect(move |_| {
            let _held = &permit;
        });
        Ok(Response::new(prices.boxed()))
    }
}
// ANCHOR_END: fixed

// ANCHOR: too_many
/// Says which limit it was, and when the client may try again.
fn too_many_streams() -> Status {
    let details = ErrorDetails::with_retry_info(Some(RETRY_AFTER));
    let message = format!("{STREAMS} streams are open, and more are not allowed");
    Status::with_error_details(Code::ResourceExhausted, message, details)
}
// ANCHOR_END: too_many

/// A permit that logs its end.
struct Admitted(OwnedSemaphorePermit);

impl Drop for Admitted {
    fn drop(&mut self) {
        // The permit itself is dropped after this.
        let taken = STREAMS - self.0.semaphore().available_permits() - self.0.num_permits();
        info!(
            taken,
            "a permit is given back; {taken} of {STREAMS} are taken"
        );
    }
}

impl Limited {
    pub fn router(day: Day) -> Router {
        let (interval, patience) = KEEPALIVE;
        let permits = Arc::new(Semaphore::new(STREAMS));
        Server::builder()
            .http2_keepalive_interval(Some(interval))
            .http2_keepalive_timeout(Some(patience))
            .add_service(StockServiceServer::new(Self { day, permits }))
            .add_service(GreeterServiceServer::new(Greeter))
    }
}
