//! Wrong: takes a client that has not read for an hour for one that has disconnected, and ends with OK.

use std::time::Duration;

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// What the client accepts before it reads: 16 chunks of 1 KiB, a little less with their prefixes.
const WINDOW: u32 = 16 * 1024;

/// Chunks that may wait for the connection.
const WAITING: usize = 4;

/// No client stops for so long.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

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
            if chunks.send_timeout(Ok(chunk), PATIENCE).await.is_err() {
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
