//! Wrong: makes the window of the connection as small as that of a stream.

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// One item of the response stream.
type Item = Result<FileChunk, Status>;

/// The client's window for a stream: 16 chunks, the last of them begun.
const WINDOW: u32 = 16 * 1024;

/// The client's end of the connection.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
}

/// The server's end. Its windows limit what clients send.
pub fn server(server: Server) -> Server {
    server
}

/// Chunks that wait for the connection.
const WAITING: usize = 4;

/// The response stream.
pub fn chunks<I>(mut source: I) -> BoxStream<'static, Result<FileChunk, Status>>
where
    I: Iterator<Item = FileChunk> + Send + 'static,
{
    let (chunks, queue) = mpsc::channel::<Item>(WAITING);
    let task = tokio::spawn(async move {
        while let Ok(room) = chunks.reserve().await {
            let Some(chunk) = source.next() else { return };
            room.send(Ok(chunk));
        }
    });
    // A panic drops the task's sender, too: only the task's end tells it from the end of the file.
    let panic = stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the file could not be read"));
        ready(ended.err().map(panicked))
    });
    ReceiverStream::new(queue).chain(panic).boxed()
}
