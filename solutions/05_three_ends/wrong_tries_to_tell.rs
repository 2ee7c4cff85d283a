//! Wrong: puts the status into the queue if there is room. For a slow client there is none.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use futures::stream::{BoxStream, StreamExt as _};
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
    let last = replies.clone();
    let producer = AssertUnwindSafe(producer(replies)).catch_unwind();
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        if producer.await.is_err() {
            let _ = last.try_send(Err(Status::internal("the numbers could not be made")));
        }
    }));
    // The handle is stored in the stream, so the task ends with it.
    ReceiverStream::new(receiver)
        .map(move |reply| {
            let _task = &task;
            reply
        })
        .boxed()
}

/// Every value of the stream, if it is complete.
pub async fn read_all(mut numbers: Streaming<StreamResponse>) -> Result<Vec<i32>, Status> {
    let mut values = Vec::new();
    while let Some(reply) = numbers.message().await? {
        values.push(reply.pt.unwrap_or_default().value);
    }
    Ok(values)
}
