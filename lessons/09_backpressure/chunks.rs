//! What the producers, the service and the plot share: the chunks of a file.

use std::time::Duration;

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinHandle;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use workbook::proto::files::FileChunk;

/// How many bytes of the file are in a chunk. On the wire it is a few more.
pub const CHUNK: usize = 1024;

/// One item of the response stream.
pub type Item = Result<FileChunk, Status>;
/// The response stream.
pub type Chunks = BoxStream<'static, Item>;

/// Far longer than scheduling takes, so a producer that waits this long waits because the reader has
/// stopped reading.
pub const READER_STALLED_AFTER: Duration = Duration::from_millis(100);

/// The chunk at this place of a file.
pub fn chunk(chunk_number: i32) -> FileChunk {
    FileChunk {
        data: vec![0; CHUNK],
        chunk_number,
        ..FileChunk::default()
    }
}

// ANCHOR: sent_by
/// What a task sends, as a response stream. After the last chunk the stream awaits the task: a panic
/// drops the task's sender as a return does, and would otherwise end the call with OK (lesson 05).
pub fn sent_by(task: JoinHandle<()>, queue: Receiver<Item>) -> Chunks {
    let panic = stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the file could not be read"));
        ready(ended.err().map(panicked))
    });
    ReceiverStream::new(queue).chain(panic).boxed()
}
// ANCHOR_END: sent_by
