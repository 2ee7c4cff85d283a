//! Wrong: forgets the task, so a panic of `source` looks like the end of the file.

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// What the client accepts before it reads: 16 chunks of 1 KiB, a little less with their prefixes.
const WINDOW: u32 = 16 * 1024;

/// Chunks that may wait for the connection.
const WAITING: usize = 4;

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
    let (chunks, queue) = mpsc::channel(WAITING);
    // Ends with the source, or when `queue` is dropped because the client has disconnected.
    tokio::spawn(async move {
        for chunk in source {
            if chunks.send(Ok(chunk)).await.is_err() {
                return;
            }
        }
    });
    ReceiverStream::new(queue).boxed()
}
