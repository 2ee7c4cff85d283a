//! The fixes: a keepalive for the connection, and heartbeats for the program behind it.

use std::pin::Pin;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream, Stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, Sleep, interval_at, sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::proto::stocks::{
    Heartbeat, StockPrice, StockRequest, WatchRequest, WatchResponse, watch_request, watch_response,
};

use super::price_log::log_event;
use super::times::{HEARTBEAT, INTERVAL, LIMIT, TIMEOUT};

// ANCHOR: client_keepalive
/// The client asks whether the connection is alive, while a call is open. Keep a `Channel` as long as
/// the stream, or use `idle_keepalive`: with the last `Channel` dropped, hyper takes a connection with
/// one open stream for idle.
pub fn client_keepalive(endpoint: Endpoint) -> Endpoint {
    endpoint
        .http2_keep_alive_interval(INTERVAL)
        .keep_alive_timeout(TIMEOUT)
}
// ANCHOR_END: client_keepalive

// ANCHOR: while_idle
/// Asks while no call is open, too, so that the next call does not find a dead connection.
///
/// Costs a PING every 20 s for each connection, used or not.
pub fn idle_keepalive(endpoint: Endpoint) -> Endpoint {
    client_keepalive(endpoint).keep_alive_while_idle(true)
}
// ANCHOR_END: while_idle

// ANCHOR: server_keepalive
/// The server asks, too: without it a client that has vanished keeps its call for ever.
pub fn server_keepalive() -> Server {
    Server::builder()
        .http2_keepalive_interval(Some(INTERVAL))
        .http2_keepalive_timeout(Some(TIMEOUT))
}
// ANCHOR_END: server_keepalive

/// How many requests wait for the connection: the subscription, and one heartbeat. A second heartbeat
/// would say nothing that the first does not say.
const WAITING: usize = 2;

// ANCHOR: watch
/// Reads prices until the server ends the stream or has said nothing for `LIMIT`.
///
/// Costs two messages every 20 s, of which the server must know. Nothing is spawned, so dropping this
/// future ends the heartbeats and the call.
pub async fn watch(mut client: QuoteServiceClient<Channel>, symbol: &str) -> Result<(), Status> {
    let dead = || Status::unavailable("the server has said nothing for 30 s");
    let (requests, taken) = mpsc::channel(WAITING);
    // There is room for it. An Err would mean that the call is over, which the next line reports.
    let _ = requests.try_send(subscribe(symbol));
    let call = timeout(LIMIT, client.watch(ReceiverStream::new(taken)));
    let mut events = call.await.map_err(|_| dead())??.into_inner();

    let mut heartbeats = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let limit = sleep(LIMIT);
    tokio::pin!(limit);
    loop {
        tokio::select! {
            biased;
            event = events.message() => {
                let Some(event) = event? else { return Ok(()) };
                // Every message proves that the server is there, not heartbeats alone.
                limit.as_mut().reset(Instant::now() + LIMIT);
                log_event(event);
            }
            _ = heartbeats.tick() => {
                // When a heartbeat is still waiting, another one would be of no use.
                let _ = requests.try_send(heartbeat());
            }
            () = &mut limit => return Err(dead()),
        }
    }
}
// ANCHOR_END: watch

/// The first request.
pub fn subscribe(symbol: &str) -> WatchRequest {
    let symbol = symbol.to_owned();
    let subscribe = watch_request::Kind::Subscribe(StockRequest { symbol });
    WatchRequest {
        kind: Some(subscribe),
    }
}

/// Every other request.
fn heartbeat() -> WatchRequest {
    WatchRequest {
        kind: Some(watch_request::Kind::Heartbeat(Heartbeat {})),
    }
}

// ANCHOR: watched
/// A subscription at the server.
///
/// hyper polls it only while the client's window has room. The limit does not end the call of a client
/// that has vanished *and* has left its window full: the server's keepalive does.
pub struct Watched {
    prices: BoxStream<'static, StockPrice>,
    requests: Streaming<WatchRequest>,
    /// Fires when nothing has been sent for a while.
    quiet: Pin<Box<Sleep>>,
    /// Fires when nothing has been received for too long.
    limit: Pin<Box<Sleep>>,
}

impl Watched {
    pub fn new(prices: BoxStream<'static, StockPrice>, requests: Streaming<WatchRequest>) -> Self {
        Self {
            prices,
            requests,
            quiet: Box::pin(sleep(HEARTBEAT)),
            limit: Box::pin(sleep(LIMIT)),
        }
    }

    /// A price, as the subscriber gets it.
    pub fn price(price: StockPrice) -> WatchResponse {
        WatchResponse {
            kind: Some(watch_response::Kind::Price(price)),
        }
    }

    /// Prices, and heartbeats between them, until the client half-closes or is silent for too long.
    pub fn events(self) -> impl Stream<Item = Result<WatchResponse, Status>> + Send {
        let open = stream::try_unfold(self, async |mut watched| {
            let kind = watched.next().await?;
            Ok(kind.map(|kind| (WatchResponse { kind: Some(kind) }, watched)))
        });
        open.boxed()
    }

    async fn next(&mut self) -> Result<Option<watch_response::Kind>, Status> {
        let kind = loop {
            tokio::select! {
                biased;
                request = self.requests.message() => match request? {
                    Some(_) => self.limit.as_mut().reset(Instant::now() + LIMIT),
                    None => return Ok(None),
                },
                Some(price) = self.prices.next() => break watch_response::Kind::Price(price),
                () = &mut self.quiet => break watch_response::Kind::Heartbeat(Heartbeat {}),
                () = &mut self.limit => {
                    info!(step = "gives_up", "the client has said nothing for 30 s");
                    return Err(Status::deadline_exceeded("no heartbeat for 30 s"));
                }
            }
        };
        self.quiet.as_mut().reset(Instant::now() + HEARTBEAT);
        Ok(Some(kind))
    }
}
// ANCHOR_END: watched
