//! What the streams of this lesson carry, and what their tasks do last.

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinError;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tracing::info;
use workbook::proto::chat::ChatMessage;

/// One item of the response stream.
pub type Item = Result<ChatMessage, Status>;
/// The response stream.
pub type Messages = BoxStream<'static, Item>;

/// Messages that may wait for the connection.
pub const WAITING: usize = 1;

/// What a task does last. A task that is aborted does not get here.
pub fn clean_up() {
    info!(step = "cleans_up", "the task cleans up, and ends");
}

// ANCHOR: sent_by
/// What a task sends, as a response stream, which owns the task's handle. After the last message it
/// awaits the task: a panic drops the task's sender as a return does, and would otherwise end the call
/// with OK (lesson 05).
pub fn sent_by(
    task: impl Future<Output = Result<(), JoinError>> + Send + 'static,
    taken: Receiver<Item>,
) -> Messages {
    let panic = stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the messages could not be forwarded"));
        ready(ended.err().map(panicked))
    });
    ReceiverStream::new(taken).chain(panic).boxed()
}
// ANCHOR_END: sent_by
