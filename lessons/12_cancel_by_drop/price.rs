//! What the streams of this lesson carry.

use std::time::{SystemTime, UNIX_EPOCH};

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use workbook::proto::stocks::StockPrice;

/// One item of the response stream.
pub type Item = Result<StockPrice, Status>;
/// The response stream.
pub type Prices = BoxStream<'static, Item>;

/// A queued price is already out of date, so there is no use in holding more than one.
pub const WAITING: usize = 1;

/// A price, made now.
pub fn price(price: f64) -> StockPrice {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    StockPrice {
        symbol: "ACME".to_owned(),
        price,
        timestamp: now.map_or(0, |now| i64::try_from(now.as_secs()).unwrap_or(i64::MAX)),
    }
}

// ANCHOR: sent_by
/// What a task sends, as a response stream. After the last price the stream awaits the task: a panic
/// drops the task's sender as a return does, and would otherwise end the call with OK (lesson 05).
///
/// The stream does not end the task: dropping a `JoinHandle` detaches its task.
pub fn sent_by(task: JoinHandle<()>, taken: Receiver<Item>) -> Prices {
    let panic = stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the prices could not be made"));
        ready(ended.err().map(panicked))
    });
    ReceiverStream::new(taken).chain(panic).boxed()
}
// ANCHOR_END: sent_by
