//! Exercise 05: tell a panic from an end, on both sides.
//!
//! 1. `supervised` runs a producer in a tokio task, and streams each reply as soon as it is sent. When the
//!    producer returns, the stream ends. When it panics, even after it has dropped its sender, the stream's
//!    last item is an `Internal` status, which does not contain the panic's message. When the client
//!    cancels the call, the producer ends at once, and so does every other task that you have spawned.
//! 2. `read_all` returns every value of a complete stream, and the status of one that failed, unchanged.
//!    A silence is not an end, however long it lasts.
//!
//! Check it:     cargo run --bin lesson05 -- check
//! Try it:       cargo run --bin lesson05 -- serve --mine

use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tonic::{Status, Streaming};
use workbook::proto::stream::StreamResponse;

/// One item of a response stream.
pub type Reply = Result<StreamResponse, Status>;

/// Runs `producer` in a task of its own, and streams what it sends.
pub fn supervised<P, F>(producer: P) -> BoxStream<'static, Reply>
where
    P: FnOnce(mpsc::Sender<Reply>) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let _ = producer;
    todo!("stream what the producer sends, and find out how it ended")
}

/// Every value of the stream, if it is complete.
pub async fn read_all(numbers: Streaming<StreamResponse>) -> Result<Vec<i32>, Status> {
    let _ = numbers;
    todo!("read to the end, and return the status of a failure")
}
