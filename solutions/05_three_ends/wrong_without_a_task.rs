//! Wrong: polls the producer in the response stream, so no task of its own can be aborted or awaited.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

/// One item of a response stream.
pub type Reply = Result<StreamResponse, Status>;

/// How many replies the mpsc channel holds.
const WAITING: usize = 1;

/// Runs `producer`, and streams what it sends.
pub fn supervised<P, F>(producer: P) -> BoxStream<'static, Reply>
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let (replies, receiver) = mpsc::channel(WAITING);
    let producer = AssertUnwindSafe(producer(replies)).catch_unwind();
    let ended = stream::once(producer).filter_map(|caught| {
        let panicked = || Status::internal("the producer panicked");
        ready(caught.err().map(|_panic| Err(panicked())))
    });
    stream::select(ReceiverStream::new(receiver), ended).boxed()
}

/// Every value of the stream, if it is complete.
pub async fn read_all(mut numbers: Streaming<StreamResponse>) -> Result<Vec<i32>, Status> {
    let mut values = Vec::new();
    while let Some(reply) = numbers.message().await? {
        values.push(reply.pt.unwrap_or_default().value);
    }
    Ok(values)
}
