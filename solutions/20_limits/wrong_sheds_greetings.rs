//! Wrong: a second line of defence counts the calls of a connection, and sheds those that are too many.
//!
//! While four calls wait for the feed, a greeting on their connection is refused.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Code, Request, Response, Status};
use tonic_types::{ErrorDetails, StatusExt as _};
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;
use workbook::proto::stocks::StockRequest;
use workbook::proto::stocks::stock_service_server::{StockService, StockServiceServer};

use super::feed::{Feed, Prices};
use super::market::Greeter;

/// How often the server asks whether a client is still there, and how long it waits for the answer.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// What the server has room for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams of all clients together.
    pub in_all: usize,
    /// Streams of one client.
    pub per_client: usize,
    /// What a refused client is told: when it may try again.
    pub retry_after: Duration,
}

/// A service that admits so many streams.
pub struct Admission {
    limits: Limits,
    feed: Arc<dyn Feed>,
    places: Arc<Places>,
}

/// How many streams each client has. A client that has none has no entry, so the sum of all entries is at
/// most `in_all`, and the map holds no more of them than that.
#[derive(Default)]
struct Places(Mutex<BTreeMap<String, usize>>);

/// One stream's place; dropping it gives it back.
struct Place {
    places: Arc<Places>,
    client: String,
}

impl Admission {
    /// A service without a stream.
    pub fn new(limits: Limits, feed: Arc<dyn Feed>) -> Self {
        Self {
            limits,
            feed,
            places: Arc::default(),
        }
    }

    /// About how many clients something is kept, for the operator's dashboard.
    pub fn clients(&self) -> usize {
        self.places.lock().len()
    }

    /// A place for a stream of that client, or why there is none.
    fn admit(&self, client: String) -> Result<Place, Status> {
        // Looked at and changed under one lock, without an await between them.
        let mut taken = self.places.lock();
        let of_client = taken.get(&client).copied().unwrap_or(0);
        if taken.values().sum::<usize>() >= self.limits.in_all {
            return Err(self.refusal("the server has no place for another stream"));
        }
        if of_client >= self.limits.per_client {
            return Err(self.refusal("this client has as many streams as it may"));
        }
        taken.insert(client.clone(), of_client + 1);
        let places = Arc::clone(&self.places);
        Ok(Place { places, client })
    }

    fn refusal(&self, message: &str) -> Status {
        let details = ErrorDetails::with_retry_info(Some(self.limits.retry_after));
        Status::with_error_details(Code::ResourceExhausted, message, details)
    }
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, usize>> {
        // Nothing that holds the lock can leave the map half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        match taken.get_mut(&self.client) {
            Some(streams) if *streams > 1 => *streams -= 1,
            _ => {
                taken.remove(&self.client);
            }
        }
    }
}

#[tonic::async_trait]
impl StockService for Admission {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        let client = client_of(&request)?;
        // Dropped with the handler's future if the feed refuses or panics, or the client gives up.
        let place = self.admit(client)?;
        let prices = self.feed.open(request.into_inner().symbol).await?;
        let held = prices.inspect(move |_| {
            // The closure owns the place, and the stream the closure.
            let _place = &place;
        });
        Ok(Response::new(held.boxed()))
    }
}

/// What the client calls itself. A server that faces strangers takes the name from a verified token.
fn client_of(request: &Request<StockRequest>) -> Result<String, Status> {
    let name = request.metadata().get("client-id");
    let name = name.and_then(|name| name.to_str().ok());
    name.map(str::to_owned)
        .ok_or_else(|| Status::invalid_argument("the metadata client-id names the client"))
}

/// The server with all its settings.
pub fn server(admission: Arc<Admission>) -> Router {
    let (interval, patience) = KEEPALIVE;
    Server::builder()
        .concurrency_limit_per_connection(4)
        .load_shed(true)
        .http2_keepalive_interval(Some(interval))
        .http2_keepalive_timeout(Some(patience))
        .add_service(StockServiceServer::from_arc(admission))
        .add_service(GreeterServiceServer::new(Greeter))
}
