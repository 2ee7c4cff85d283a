//! Wrong: keeps the file open for half a minute after the disconnect, in case the client comes back.

use std::time::Duration;

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// What the client accepts before it reads: 16 chunks of 1 KiB, a little less with their prefixes.
const WINDOW: u32 = 16 * 1024;

/// Chunks that may wait for the connection.
const WAITING: usize = 4;

/// How long the file stays open for a client that has disconnected.
const GRACE: Duration = Duration::from_secs(30);

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
    let task = tokio::spawn(async move {
        for chunk in source {
            if chunks.send(Ok(chunk)).await.is_err() {
                sleep(GRACE).await;
                return;
            }
        }
    });
    // A panic of `source` drops the sender as its end does. Only the task's handle tells them apart.
    let panic = stream::once(task).filter_map(|ended| {
        let panicked = |_| Err(Status::internal("the file could not be read"));
        ready(ended.err().map(panicked))
    });
    ReceiverStream::new(queue).chain(panic).boxed()
}
