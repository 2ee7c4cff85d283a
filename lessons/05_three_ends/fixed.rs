//! The cure: whoever streams what a task makes also asks how the task ended.

use futures::future::ready;
use futures::stream::{self, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

use super::feed::{Replies, Reply};

/// How many replies may wait for the connection.
const WAITING: usize = 1;

// ANCHOR: supervised
/// Runs `producer` in a task, and streams what it sends. A panic in it is the stream's last item.
///
/// Costs a task and a channel. A stream that makes its items itself needs neither, and this cure
/// neither: there a panic ends the call with `Cancelled`.
pub fn supervised<P, F>(producer: P) -> Replies
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (replies, taken) = mpsc::channel(WAITING);
    // An `AbortOnDropHandle` ends its task when it is dropped. It lives in the stream, so a client
    // that leaves ends the producer.
    let task = AbortOnDropHandle::new(tokio::spawn(producer(replies)));
    let verdict = stream::once(task).filter_map(|ended| {
        ready(match ended {
            Ok(()) => None,
            // What it said is for the log, not for the client.
            Err(_) => Some(Err(Status::internal("the numbers could not be made"))),
        })
    });
    // The channel ends when the task has dropped its sender, however that came about. Only then is
    // the task asked.
    ReceiverStream::new(taken).chain(verdict).boxed()
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
