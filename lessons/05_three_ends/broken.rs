//! What goes wrong: a producer whose panic goes unnoticed, and readers that confuse end and failure.

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

use super::producer::{Replies, Reply, WAITING};

// ANCHOR: spawned
/// Runs `producer` in a task, and streams what it sends.
///
/// Wrong: a panic drops the task's sender, as a return does, so the stream ends in the same way.
pub fn spawned<P, F>(producer: P) -> Replies
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (replies, receiver) = mpsc::channel(WAITING);
    tokio::spawn(producer(replies));
    ReceiverStream::new(receiver).boxed()
}
// ANCHOR_END: spawned

// ANCHOR: readers
/// Wrong: everything that is not a message ends the loop, so a failure counts as an end.
pub async fn failure_as_end(mut numbers: Streaming<StreamResponse>) -> Result<usize, Status> {
    let mut count = 0;
    while let Ok(Some(_)) = numbers.message().await {
        count += 1;
    }
    Ok(count)
}

/// Wrong: the end counts as a failure, so this function can never return Ok.
pub async fn end_as_failure(mut numbers: Streaming<StreamResponse>) -> Result<usize, Status> {
    loop {
        let _number = numbers
            .message()
            .await?
            .ok_or_else(|| Status::unknown("the stream broke off"))?;
    }
}
// ANCHOR_END: readers
