//! The fixes: a task that also waits for the disconnect, or no task at all.

use futures::StreamExt as _;
use futures::stream;
use tokio::sync::mpsc;

use super::exchange::Feed;
use super::price::{Prices, WAITING, price, sent_by};

// ANCHOR: closed
/// While the task waits for the next price, it also waits for the client to disconnect.
///
/// Costs a branch at every place where the task waits. It is the wrong fix if there are many such
/// places: hold the task by an abort-on-drop handle instead (lesson 13).
pub fn until_closed(mut feed: Feed) -> Prices {
    let (prices, taken) = mpsc::channel(WAITING);
    let task = tokio::spawn(async move {
        loop {
            let made = tokio::select! {
                biased;
                // Completes when `taken` is dropped, which is when tonic drops the response stream.
                () = prices.closed() => return,
                made = feed.next() => made,
            };
            let Some(made) = made else { return };
            // Waits only while the client does not read, and fails when it disconnects.
            if prices.send(Ok(price(made))).await.is_err() {
                return;
            }
        }
    });
    sent_by(task, taken)
}
// ANCHOR_END: closed

// ANCHOR: inline
/// No task: the stream owns the feed, so dropping the stream closes the feed, wherever it waits.
///
/// Costs nothing. It is the wrong fix if prices must be made while the client does not read.
pub fn inline(feed: Feed) -> Prices {
    stream::unfold(feed, async |mut feed| {
        let made = feed.next().await?;
        Some((Ok(price(made)), feed))
    })
    .boxed()
}
// ANCHOR_END: inline
