//! Wrong: the window is right, and an unbounded queue in front of it never makes the producer wait.

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// What the client accepts before it reads: 16 chunks of 1 KiB, a little less with their prefixes.
const WINDOW: u32 = 16 * 1024;

/// The client's end of the connection.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint.initial_stream_window_size(WINDOW)
}

/// The server's end.
pub fn server(server: Server) -> Server {
    server
}

/// The response stream.
pub fn chunks<I>(source: I) -> BoxStream<'static, Result<FileChunk, Status>>
where
    I: Iterator<Item = FileChunk> + Send + 'static,
{
    let (chunks, queue) = mpsc::unbounded_channel();
    // Ends with the source, or when `queue` is dropped because the client has disconnected.
    let task = tokio::spawn(async move {
        for chunk in source {
            if chunks.send(Ok(chunk)).is_err() {
                return;
            }
        }
    });
    // A panic of `source` drops the sender as its end does. Only the task's handle tells them apart.
    let panic = stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the file could not be read"));
        ready(ended.err().map(panicked))
    });
    UnboundedReceiverStream::new(queue).chain(panic).boxed()
}
