//! Wrong: gives up a reader that is 1,000 prices behind.

use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{self, StreamExt as _};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::{sleep, timeout};
use tokio_util::task::AbortOnDropHandle;
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
/// How many prices wait for the reader.
const WAITING: usize = 1000;

/// A subscription.
pub struct Subscription {
    prices: Receiver<Result<StockPrice, Status>>,
    _reads: AbortOnDropHandle<()>,
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
        let (sender, prices) = mpsc::channel(WAITING);
        let reads = tokio::spawn(async move {
            let _cancels = cancels;
            read(events, sender).await;
        });
        Ok(Self {
            prices,
            _reads: AbortOnDropHandle::new(reads),
        })
    }

    /// The next price; None at the end.
    pub async fn next(&mut self) -> Result<Option<StockPrice>, Status> {
        self.prices.recv().await.transpose()
    }
}

/// Reads as fast as the server sends.
async fn read(mut events: Streaming<WatchResponse>, prices: Sender<Result<StockPrice, Status>>) {
    loop {
        let item = match timeout(LIMIT, events.message()).await {
            Err(_) => Err(dead()),
            Ok(Err(status)) => Err(status),
            Ok(Ok(None)) => return,
            Ok(Ok(Some(event))) => match event.kind {
                Some(watch_response::Kind::Price(price)) => Ok(price),
                _ => continue,
            },
        };
        let is_over = item.is_err();
        if let Err(TrySendError::Full(_)) = prices.try_send(item) {
            let slow = Status::unavailable("the reader is too slow");
            let _ = prices.send(Err(slow)).await;
            return;
        }
        if is_over {
            return;
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
