//! Exercise 20: admission.
//!
//! A server of prices has room for `in_all` streams, and gives one client at most `per_client` of them,
//! over however many connections. A call has a stream's place from before the feed is asked until the
//! response stream has given its end or is dropped, for whatever reason: it ends, it fails, the client drops
//! it or vanishes, the feed refuses or panics, or the client gives up before it is answered.
//!
//! A client that does not read keeps its places, though the feed may have no more: no code in the stream runs
//! before it reads again.
//!
//! - A client names itself in the metadata `client-id`. A call without it is InvalidArgument; whether an empty
//!   one is a name is up to you.
//! - A call for which there is no place is refused at once: ResourceExhausted, with a RetryInfo
//!   (`tonic_types`) that says `retry_after`. The feed is not asked for it.
//! - Greetings are never limited: SayHi is answered at once, however many streams there are.
//! - Nothing is kept of a client that has no stream.
//!
//! Check it:     cargo run --bin lesson20 -- check
//! Try it:       cargo run --bin lesson20 -- serve --mine

use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status};
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
}

impl Admission {
    /// A service without a stream.
    pub fn new(limits: Limits, feed: Arc<dyn Feed>) -> Self {
        Self { limits, feed }
    }

    /// About how many clients something is kept, with streams or without, for the operator's dashboard.
    pub fn clients(&self) -> usize {
        todo!("count what is kept")
    }

    /// Change it as you like: what does a stream need from here?
    fn admit(&self) -> Result<(), Status> {
        let Limits {
            in_all,
            per_client,
            retry_after,
        } = self.limits;
        todo!(
            "give one of {in_all} places, {per_client} for a client, or refuse for {retry_after:?}"
        )
    }
}

#[tonic::async_trait]
impl StockService for Admission {
    type GetRealTimePricesStream = Prices;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Prices>, Status> {
        self.admit()?;
        let prices = self.feed.open(request.into_inner().symbol).await?;
        Ok(Response::new(prices))
    }
}

/// The server with all its settings.
pub fn server(admission: Arc<Admission>) -> Router {
    let (interval, patience) = KEEPALIVE;
    Server::builder()
        .http2_keepalive_interval(Some(interval))
        .http2_keepalive_timeout(Some(patience))
        .add_service(StockServiceServer::from_arc(admission))
        .add_service(GreeterServiceServer::new(Greeter))
}
