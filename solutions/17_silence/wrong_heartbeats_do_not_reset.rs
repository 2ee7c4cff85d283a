//! Wrong: only a price resets the limit, so a quiet market looks like a dead server.

use std::pin::Pin;
use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{self, StreamExt as _};
use tokio::time::{Instant, Sleep, sleep, timeout};
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status, Streaming};
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::proto::stocks::{
    Heartbeat, StockPrice, StockRequest, WatchRequest, WatchResponse, watch_request, watch_response,
};

/// From one heartbeat to the next.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long the server may be silent.
const LIMIT: Duration = Duration::from_secs(30);

/// A subscription.
pub struct Subscription {
    events: Streaming<WatchResponse>,
    /// Fires when the server has said nothing for `LIMIT`. Kept here, because the reader may drop the
    /// future of `next`.
    limit: Pin<Box<Sleep>>,
    _cancels: CancelOnDrop,
}

/// Resets the call when it is dropped: dropping `events` alone would leave the heartbeats and the call.
struct CancelOnDrop(Option<CancellationHandle>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(handle) = self.0.take() {
            handle.cancel();
        }
    }
}

impl Subscription {
    /// Calls `Watch`, and subscribes.
    pub async fn open(channel: Channel, symbol: &str) -> Result<Self, Status> {
        let mut request = Request::new(requests(symbol));
        // For the time after the answer: until then, dropping the future of the call cancels it.
        let cancels = CancelOnDrop(Some(request.cancellation_handle()));
        let mut client = QuoteServiceClient::new(channel);
        let call = timeout(LIMIT, client.watch(request).boxed());
        let events = call.await.map_err(|_| dead())??.into_inner();
        Ok(Self {
            events,
            limit: Box::pin(sleep(LIMIT)),
            _cancels: cancels,
        })
    }

    /// The next price; None at the end.
    pub async fn next(&mut self) -> Result<Option<StockPrice>, Status> {
        loop {
            // What has arrived comes first: a limit that has passed may be the reader's own delay.
            let event = tokio::select! {
                biased;
                event = self.events.message() => event?,
                () = &mut self.limit => return Err(dead()),
            };
            let Some(event) = event else { return Ok(None) };
            if let Some(watch_response::Kind::Price(price)) = event.kind {
                self.limit.as_mut().reset(Instant::now() + LIMIT);
                return Ok(Some(price));
            }
        }
    }
}

/// The subscription, then heartbeats. hyper polls this stream when it can send, so a heartbeat that cannot
/// be sent delays the next one, and none is made up for.
fn requests(symbol: &str) -> impl stream::Stream<Item = WatchRequest> + Send + 'static {
    let symbol = symbol.to_owned();
    let subscribe = watch_request::Kind::Subscribe(StockRequest { symbol });
    let heartbeats = stream::unfold((), async |()| {
        sleep(HEARTBEAT).await;
        Some((watch_request::Kind::Heartbeat(Heartbeat {}), ()))
    });
    let kinds = stream::iter([subscribe]).chain(heartbeats);
    kinds.map(|kind| WatchRequest { kind: Some(kind) })
}

fn dead() -> Status {
    Status::unavailable("the server has said nothing for 30 s")
}
