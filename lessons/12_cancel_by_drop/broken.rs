//! What goes wrong: a task that nobody tells that nobody listens.

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::exchange::Feed;
use super::ticker::{Prices, price};

/// A price that waits is an old price.
const WAITING: usize = 1;

// ANCHOR: ignoring
/// Wrong: the task goes on until the exchange closes, whoever has left.
pub fn ignoring_sends(mut feed: Feed) -> Prices {
    let (prices, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some(made) = feed.next().await {
            let _ = prices.send(Ok(price(made))).await;
        }
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: ignoring

// ANCHOR: late
/// Not wrong, but late: the task learns of it when it has the next price, which may take an hour.
pub fn until_a_send_fails(mut feed: Feed) -> Prices {
    let (prices, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some(made) = feed.next().await {
            if prices.send(Ok(price(made))).await.is_err() {
                return;
            }
        }
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: late
