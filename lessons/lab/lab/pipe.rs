//! One end of an in-memory connection, which obeys the faults of its link.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::coop::poll_proceed;
use tokio::time::{Instant, Sleep, sleep_until};
use tonic::transport::server::Connected;

/// How much one direction holds before its writer waits, unless [`super::Link::set_capacity`] says otherwise:
/// the order of a socket's buffer.
pub(super) const CAPACITY: usize = 64 * 1024;

/// One direction of a connection: what one end has written and the other has not read.
#[derive(Default)]
pub(super) struct Direction(Mutex<Buffer>);

struct Buffer {
    /// Bytes, and when they arrive.
    chunks: VecDeque<(Instant, Vec<u8>)>,
    /// How many bytes of the first chunk have been read.
    read: usize,
    length: usize,
    /// How much it holds, what is on its way included.
    capacity: usize,
    latency: Duration,
    /// The writer is gone; its end arrives then.
    closed: Option<Instant>,
    /// The reader is gone.
    unread: bool,
    /// What is written disappears, and nothing arrives any more.
    black_hole: bool,
    /// Nothing arrives for now.
    held: bool,
    cut: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl Default for Buffer {
    fn default() -> Self {
        Self {
            chunks: VecDeque::new(),
            read: 0,
            length: 0,
            capacity: CAPACITY,
            latency: Duration::ZERO,
            closed: None,
            unread: false,
            black_hole: false,
            held: false,
            cut: false,
            reader: None,
            writer: None,
        }
    }
}

impl Buffer {
    fn wake(&mut self) {
        for waker in [self.reader.take(), self.writer.take()]
            .into_iter()
            .flatten()
        {
            waker.wake();
        }
    }
}

impl Direction {
    fn lock(&self) -> MutexGuard<'_, Buffer> {
        // Nothing that holds the lock can leave the state half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set_latency(&self, latency: Duration) {
        self.lock().latency = latency;
    }

    pub(super) fn set_capacity(&self, capacity: usize) {
        let mut state = self.lock();
        state.capacity = capacity;
        // A writer that waits may have room now.
        if let Some(writer) = state.writer.take() {
            writer.wake();
        }
    }

    pub(super) fn black_hole(&self) {
        let mut state = self.lock();
        state.black_hole = true;
        state.chunks.clear();
        (state.length, state.read) = (0, 0);
        state.wake();
    }

    pub(super) fn hold(&self, held: bool) {
        let mut state = self.lock();
        state.held = held;
        state.wake();
    }

    pub(super) fn cut(&self) {
        let mut state = self.lock();
        state.cut = true;
        state.wake();
    }

    /// Whether what is written disappears.
    pub(super) fn is_black_hole(&self) -> bool {
        self.lock().black_hole
    }

    /// Both ends are gone.
    pub(super) fn is_over(&self) -> bool {
        let state = self.lock();
        state.closed.is_some() && state.unread
    }
}

/// One end of an in-memory connection.
pub struct Pipe {
    incoming: Arc<Direction>,
    outgoing: Arc<Direction>,
    /// Wakes the reader when the next bytes arrive, on a link with latency.
    arrival: Option<Pin<Box<Sleep>>>,
}

impl Pipe {
    /// The two ends of a connection: the one that connects, and the one that accepts.
    pub(super) fn pair(to_server: &Arc<Direction>, to_client: &Arc<Direction>) -> (Self, Self) {
        let end = |incoming: &Arc<Direction>, outgoing: &Arc<Direction>| Self {
            incoming: Arc::clone(incoming),
            outgoing: Arc::clone(outgoing),
            arrival: None,
        };
        (end(to_client, to_server), end(to_server, to_client))
    }

    /// What this end writes to.
    pub(super) fn outgoing(&self) -> Arc<Direction> {
        Arc::clone(&self.outgoing)
    }

    /// Ready at `due`; otherwise the task is woken then.
    fn poll_arrival(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let arrival = self
            .arrival
            .get_or_insert_with(|| Box::pin(sleep_until(due)));
        if arrival.deadline() != due {
            arrival.as_mut().reset(due);
        }
        arrival.as_mut().poll(cx)
    }
}

fn reset() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let coop = ready!(poll_proceed(cx));
        let due = {
            let mut state = self.incoming.lock();
            if state.cut {
                return Poll::Ready(Err(reset()));
            }
            let due = match (state.chunks.front(), state.closed) {
                // A black hole swallows the end of the connection, too.
                _ if state.held || state.black_hole => None,
                (Some((due, _)), _) => Some(*due),
                (None, closed) => closed,
            };
            // Kept only while it waits: a needless wake-up would change the order of tasks.
            state.reader = due.is_none().then(|| cx.waker().clone());
            due
        };
        let Some(due) = due else {
            return Poll::Pending;
        };
        if due > Instant::now() {
            ready!(self.poll_arrival(due, cx));
        }
        let mut state = self.incoming.lock();
        while buf.remaining() > 0 {
            let from = state.read;
            let Some((due, chunk)) = state.chunks.front() else {
                break;
            };
            if *due > Instant::now() {
                break;
            }
            let length = buf.remaining().min(chunk.len() - from);
            buf.put_slice(&chunk[from..from + length]);
            let is_empty = from + length == chunk.len();
            state.length -= length;
            state.read = if is_empty { 0 } else { from + length };
            if is_empty {
                state.chunks.pop_front();
            }
        }
        if let Some(writer) = state.writer.take() {
            writer.wake();
        }
        coop.made_progress();
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let coop = ready!(poll_proceed(cx));
        let mut state = self.outgoing.lock();
        if state.cut {
            return Poll::Ready(Err(reset()));
        }
        if state.black_hole {
            // Nothing tells the writer, not even that the other end is gone.
            coop.made_progress();
            return Poll::Ready(Ok(bytes.len()));
        }
        if state.unread || state.closed.is_some() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let length = bytes.len().min(state.capacity.saturating_sub(state.length));
        if length == 0 && !bytes.is_empty() {
            state.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let due = Instant::now() + state.latency;
        state.chunks.push_back((due, bytes[..length].to_vec()));
        state.length += length;
        if let Some(reader) = state.reader.take() {
            reader.wake();
        }
        coop.made_progress();
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = self.outgoing.lock();
        let now = Instant::now() + state.latency;
        state.closed.get_or_insert(now);
        state.wake();
        Poll::Ready(Ok(()))
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let mut outgoing = self.outgoing.lock();
        let now = Instant::now() + outgoing.latency;
        outgoing.closed.get_or_insert(now);
        outgoing.wake();
        drop(outgoing);
        let mut incoming = self.incoming.lock();
        incoming.unread = true;
        incoming.wake();
    }
}

impl Connected for Pipe {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}
