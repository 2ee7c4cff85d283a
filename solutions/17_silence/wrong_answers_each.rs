//! Wrong: answers each message of the server with a heartbeat, however many there are.

use std::pin::Pin;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, Sleep, sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{CancellationHandle, Request, Status, Streaming};
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::proto::stocks::{
    Heartbeat, StockPrice, StockRequest, WatchRequest, WatchResponse, watch_request, watch_response,
};

/// How long the server may be silent.
const LIMIT: Duration = Duration::from_secs(30);

/// A subscription.
pub struct Subscription {
    events: Streaming<WatchResponse>,
    requests: mpsc::Sender<WatchRequest>,
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
        let (requests, taken) = mpsc::channel(2);
        // There is room for it.
        let _ = requests.try_send(subscribe(symbol));
        let mut request = Request::new(ReceiverStream::new(taken));
        // For the time after the answer: until then, dropping the future of the call cancels it.
        let cancels = CancelOnDrop(Some(request.cancellation_handle()));
        let mut client = QuoteServiceClient::new(channel);
        let call = timeout(LIMIT, client.watch(request).boxed());
        let events = call.await.map_err(|_| dead())??.into_inner();
        Ok(Self {
            events,
            requests,
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
            self.limit.as_mut().reset(Instant::now() + LIMIT);
            let _ = self.requests.try_send(heartbeat());
            if let Some(watch_response::Kind::Price(price)) = event.kind {
                return Ok(Some(price));
            }
        }
    }
}

/// The first message.
fn subscribe(symbol: &str) -> WatchRequest {
    let symbol = symbol.to_owned();
    let subscribe = watch_request::Kind::Subscribe(StockRequest { symbol });
    WatchRequest {
        kind: Some(subscribe),
    }
}

fn heartbeat() -> WatchRequest {
    WatchRequest {
        kind: Some(watch_request::Kind::Heartbeat(Heartbeat {})),
    }
}

fn dead() -> Status {
    Status::unavailable("the server has said nothing for 30 s")
}
