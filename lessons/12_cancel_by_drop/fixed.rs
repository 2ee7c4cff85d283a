//! The cures: a task that waits for the client's leaving as well, or no task at all.

use futures::StreamExt as _;
use futures::stream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::exchange::Feed;
use super::ticker::{Prices, price};

/// A price that waits is an old price.
const WAITING: usize = 1;

// ANCHOR: closed
/// Whatever the task waits for, it waits for the client's leaving, too.
///
/// Costs a branch at every place where the task waits. It is the wrong cure where there are many of
/// them: hold the task by a handle instead (lesson 13).
pub fn until_closed(mut feed: Feed) -> Prices {
    let (prices, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        loop {
            let made = tokio::select! {
                biased;
                // Done when `taken` is dropped: when tonic drops the response stream.
                () = prices.closed() => return,
                made = feed.next() => made,
            };
            let Some(made) = made else { return };
            // Waits only while the client does not read, and fails when it leaves.
            if prices.send(Ok(price(made))).await.is_err() {
                return;
            }
        }
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: closed

// ANCHOR: inline
/// No task: the feed lives in the stream, and goes when the stream goes, wherever it waits.
///
/// Costs nothing. It is the wrong cure if prices must be made while nobody reads.
pub fn inline(feed: Feed) -> Prices {
    stream::unfold(feed, async |mut feed| {
        let made = feed.next().await?;
        Some((Ok(price(made)), feed))
    })
    .boxed()
}
// ANCHOR_END: inline
