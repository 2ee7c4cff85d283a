//! Wrong: sends the client what the panic said, which may be a path or a query.

use futures::future::ready;
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

/// One item of a response stream.
pub type Reply = Result<StreamResponse, Status>;

/// How many replies the mpsc channel holds.
const WAITING: usize = 1;

/// Runs `producer` in a task of its own, and streams what it sends.
pub fn supervised<P, F>(producer: P) -> BoxStream<'static, Reply>
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (replies, receiver) = mpsc::channel(WAITING);
    let task = AbortOnDropHandle::new(tokio::spawn(producer(replies)));
    let verdict = stream::once(task).filter_map(|ended| {
        ready(
            ended
                .err()
                .map(|panic| Err(Status::internal(panic.to_string()))),
        )
    });
    ReceiverStream::new(receiver).chain(verdict).boxed()
}

/// Every value of the stream, if it is complete.
pub async fn read_all(mut numbers: Streaming<StreamResponse>) -> Result<Vec<i32>, Status> {
    let mut values = Vec::new();
    while let Some(reply) = numbers.message().await? {
        values.push(reply.pt.unwrap_or_default().value);
    }
    Ok(values)
}
