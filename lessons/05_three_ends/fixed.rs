//! The fix: after the last item, the stream awaits the task, and turns its panic into a status.

use futures::future::ready;
use futures::stream::{self, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

use super::producer::{Replies, Reply, WAITING};

// ANCHOR: supervised
/// Runs `producer` in a task, and streams what it sends. A panic in it is the stream's last item.
///
/// Costs a task and an mpsc channel. A stream that makes its items itself needs neither, and needs no
/// such fix: a panic in it ends the call with `Cancelled`.
pub fn supervised<P, F>(producer: P) -> Replies
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (replies, receiver) = mpsc::channel(WAITING);
    // An `AbortOnDropHandle` aborts its task when it is dropped. It is stored in the stream, which
    // tonic drops when the client cancels, so the producer ends, too.
    let task = AbortOnDropHandle::new(tokio::spawn(producer(replies)));
    let verdict = stream::once(task).filter_map(|ended| {
        ready(match ended {
            Ok(()) => None,
            // The panic's message belongs in the server's log, not in a status.
            Err(_) => Some(Err(Status::internal("the numbers could not be made"))),
        })
    });
    // The `ReceiverStream` ends when the task has dropped its sender, at the latest when it returns or
    // panics. Then the task is awaited: one that has dropped its sender early may still panic.
    ReceiverStream::new(receiver).chain(verdict).boxed()
}
// ANCHOR_END: supervised

// ANCHOR: read_all
/// Counts the numbers, if they are complete.
pub async fn read_all(mut numbers: Streaming<StreamResponse>) -> Result<usize, Status> {
    let mut count = 0;
    while let Some(_number) = numbers.message().await? {
        count += 1;
    }
    Ok(count)
}
// ANCHOR_END: read_all
