//! What the streams of this lesson carry, and what their tasks do last.

use futures::stream::BoxStream;
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
