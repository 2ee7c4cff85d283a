//! An in-memory connection that can be broken on purpose.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf, duplex};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::transport::server::Connected;

/// How much one direction holds before its writer waits: the order of a socket's buffer.
const BUFFER: usize = 64 * 1024;

/// How many bytes a black hole swallows in one go.
const GULP: usize = 8 * 1024;

/// The switch for the faults of all connections made through one network.
#[derive(Clone, Default)]
pub(super) struct Faults {
    black_hole: Arc<AtomicBool>,
    cut: CancellationToken,
}

impl Faults {
    /// From now on both ends may send, and neither receives anything. Nothing says so.
    pub(super) fn black_hole(&self) {
        self.black_hole.store(true, Ordering::Relaxed);
    }

    /// The connection breaks: both ends get an error at their next read or write.
    pub(super) fn cut(&self) {
        self.cut.cancel();
    }

    /// The two ends of a connection that obeys these faults.
    pub(super) fn connection(&self) -> (Pipe, Pipe) {
        let (a, b) = duplex(BUFFER);
        (self.pipe(a), self.pipe(b))
    }

    fn pipe(&self, stream: DuplexStream) -> Pipe {
        Pipe {
            stream,
            black_hole: Arc::clone(&self.black_hole),
            cut: Box::pin(self.cut.clone().cancelled_owned()),
        }
    }
}

/// One end of an in-memory connection.
pub struct Pipe {
    stream: DuplexStream,
    black_hole: Arc<AtomicBool>,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

impl Pipe {
    /// Ready with an error once the connection is cut; otherwise the task is woken when it is.
    fn poll_cut(&mut self, cx: &mut Context<'_>) -> Poll<io::Error> {
        ready!(self.cut.as_mut().poll(cx));
        Poll::Ready(io::Error::from(io::ErrorKind::ConnectionReset))
    }
}

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Poll::Ready(error) = self.poll_cut(cx) {
            return Poll::Ready(Err(error));
        }
        while self.black_hole.load(Ordering::Relaxed) {
            let mut lost = [0; GULP];
            let mut lost = ReadBuf::new(&mut lost);
            ready!(Pin::new(&mut self.stream).poll_read(cx, &mut lost))?;
            if lost.filled().is_empty() {
                // The other end is gone, and a black hole does not say so.
                return Poll::Pending;
            }
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(error) = self.poll_cut(cx) {
            return Poll::Ready(Err(error));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl Connected for Pipe {
    type ConnectInfo = ();

    fn connect_info(&self) -> Self::ConnectInfo {}
}
