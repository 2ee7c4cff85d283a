//! What goes wrong: a spawned task goes on after the client has disconnected.

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::exchange::Feed;
use super::price::{Prices, WAITING, price, sent_by};

// ANCHOR: ignoring
/// Wrong: the task does not check the result of `send`, so it goes on until the exchange closes.
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
/// Not wrong, but late: the task learns that the client has disconnected only when its next `send`
/// fails, and the next price may take an hour.
pub fn until_a_send_fails(mut feed: Feed) -> Prices {
    let (prices, taken) = mpsc::channel(WAITING);
    let task = tokio::spawn(async move {
        while let Some(made) = feed.next().await {
            if prices.send(Ok(price(made))).await.is_err() {
                return;
            }
        }
    });
    sent_by(task, taken)
}
// ANCHOR_END: late
