//! Wrong: looks at the task before it looks at the queue, so the error overtakes chunks.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::stream::BoxStream;
use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinHandle};
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::proto::files::FileChunk;

/// One item of the response stream.
type Item = Result<FileChunk, Status>;

/// The client's window for a stream: 16 chunks, the last of them begun.
const WINDOW: u32 = 16 * 1024;

/// The client's end of the connection.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint.initial_stream_window_size(WINDOW)
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
    let sent = Sent {
        queue,
        task: Some(task),
    };
    sent.boxed()
}

/// What a task sends, and how it ends.
struct Sent {
    queue: mpsc::Receiver<Item>,
    /// None when it has ended.
    task: Option<JoinHandle<()>>,
}

impl Sent {
    fn ended(&mut self, ended: Result<(), JoinError>) -> Option<Item> {
        self.task = None;
        let panicked = |_| Err(Status::internal("the file could not be read"));
        ended.err().map(panicked)
    }
}

impl Stream for Sent {
    type Item = Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Item>> {
        let this = self.get_mut();
        // A panic must never look like the end of the file, so the task comes first.
        let polled = this.task.as_mut().map(|task| Pin::new(task).poll(cx));
        if let Some(Poll::Ready(ended)) = polled
            && let Some(error) = this.ended(ended)
        {
            return Poll::Ready(Some(error));
        }
        if let Some(item) = ready!(this.queue.poll_recv(cx)) {
            return Poll::Ready(Some(item));
        }
        let Some(task) = this.task.as_mut() else {
            return Poll::Ready(None);
        };
        let ended = ready!(Pin::new(task).poll(cx));
        Poll::Ready(this.ended(ended))
    }
}
