//! What goes wrong: a maker whose death nobody notices, and readers that mistake one end for another.

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

use super::feed::{Replies, Reply};

/// How many replies may wait for the connection.
const WAITING: usize = 1;

// ANCHOR: spawned
/// Runs `producer` in a task, and streams what it sends.
///
/// Wrong: when the task panics, its sender is dropped like any other, and the stream just ends.
pub fn spawned<P, F>(producer: P) -> Replies
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (replies, taken) = mpsc::channel(WAITING);
    tokio::spawn(producer(replies));
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: spawned

// ANCHOR: readers
/// Wrong: whatever is no message ends the loop, a failure like an end.
pub async fn failure_as_end(mut numbers: Streaming<StreamResponse>) -> Result<usize, Status> {
    let mut count = 0;
    while let Ok(Some(_)) = numbers.message().await {
        count += 1;
    }
    Ok(count)
}

/// Wrong: the end is taken for a failure, so that there is no way to return well.
pub async fn end_as_failure(mut numbers: Streaming<StreamResponse>) -> Result<usize, Status> {
    loop {
        let _number = numbers
            .message()
            .await?
            .ok_or_else(|| Status::unknown("the stream broke off"))?;
    }
}
// ANCHOR_END: readers
