//! Wrong: gives the client a minute to take what is queued, and then drops it.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::future::ready;
use futures::stream::{self, BoxStream, Stream, StreamExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use workbook::proto::stocks::stock_service_server::StockService;
use workbook::proto::stocks::{StockPrice, StockRequest};

use super::exchange::{Exchange, Feed};

/// One item of the response stream.
type Item = Result<StockPrice, Status>;

/// Prices that may wait for the client.
const HELD: usize = 32;
/// How long the task lingers after the last price.
const LINGERS: Duration = Duration::from_secs(60);

/// The service.
pub struct Ticker {
    /// Where prices come from: see `exchange.rs`.
    pub exchange: Arc<Exchange>,
}

#[tonic::async_trait]
impl StockService for Ticker {
    type GetRealTimePricesStream = BoxStream<'static, Result<StockPrice, Status>>;

    async fn get_real_time_prices(
        &self,
        request: Request<StockRequest>,
    ) -> Result<Response<Self::GetRealTimePricesStream>, Status> {
        let symbol = request.into_inner().symbol;
        let feed = self.exchange.subscribe(&symbol).await;
        let feed = feed.map_err(|_| Status::not_found("there is no such symbol: try ACME"))?;
        let (queue, queued) = mpsc::channel(HELD);
        let (finishes, finished) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let _finishes = finishes;
            make(symbol, feed, &queue).await;
            // The feed is closed. All places are free again when the client has taken everything.
            let _ = timeout(LINGERS, queue.reserve_many(HELD)).await;
        });
        let prices = ReceiverStream::new(queued)
            // A call does not outlive its task.
            .take_until(finished)
            .then(one_by_one);
        Ok(Response::new(prices.chain(panic_of(task)).boxed()))
    }
}

/// Makes prices until the exchange closes or the client disconnects.
async fn make(symbol: String, mut feed: Feed, queue: &mpsc::Sender<Item>) {
    // A place first, and then a price: there is never a price without a place.
    while let Ok(place) = queue.reserve().await {
        let made = tokio::select! {
            biased;
            () = queue.closed() => return,
            made = feed.next() => made,
        };
        let Some(made) = made else { return };
        place.send(Ok(made_now(&symbol, made)));
    }
}

/// One at a time, so that no more than one leaves the queue for a client that does not read.
async fn one_by_one(item: Item) -> Item {
    yield_now().await;
    item
}

/// After the last price: a panic of the task is an error of the call.
fn panic_of(task: JoinHandle<()>) -> impl Stream<Item = Item> + Send {
    stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the prices could not be made"));
        ready(ended.err().map(panicked))
    })
}

/// A price, made now.
fn made_now(symbol: &str, price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: symbol.to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}
