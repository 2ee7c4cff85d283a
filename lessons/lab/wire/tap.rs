//! A tap on a connection: it reads along, and never changes, delays or reorders a byte.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tonic::transport::server::Connected;

use super::decode::{Body, Decoder, Frame};
use super::foreign::{Protocol, Speaks};
use super::frame::Direction;
use super::state::{Connection, Keeps, header_table_size, max_frame_size};

/// Which end of the connection the tap sits at: it decides which way reads and writes travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is written goes to the server.
    Client,
    /// What is written goes to the client.
    Server,
}

impl Side {
    fn written(self) -> Direction {
        match self {
            Self::Client => Direction::ToServer,
            Self::Server => Direction::ToClient,
        }
    }
}

/// The method of HTTP/2's preface, which no other protocol may use: RFC 9113, section 3.4.
const HTTP2_BEGINS: &[u8] = b"PRI ";

/// Reads both directions of one connection, and keeps its state.
pub struct Witness {
    to_server: Decoder,
    to_client: Decoder,
    /// What reads the two directions, to the server and to the client, if it is not HTTP/2.
    foreign: Option<[Box<dyn Protocol>; 2]>,
    connection: Connection,
}

impl Default for Witness {
    fn default() -> Self {
        Self::new(Keeps::default())
    }
}

impl Witness {
    /// A witness of a connection that has not begun; `keeps` says what it may forget.
    #[must_use]
    pub fn new(keeps: Keeps) -> Self {
        Self {
            to_server: Decoder::new(Direction::ToServer),
            to_client: Decoder::new(Direction::ToClient),
            foreign: None,
            connection: Connection::new(keeps),
        }
    }

    /// The same for a connection that may speak another protocol than HTTP/2. One whose client begins as
    /// HTTP/2 does is read as HTTP/2 nevertheless, so that a server may speak both on one port.
    #[must_use]
    pub fn speaking(speaks: Option<Speaks>, keeps: Keeps) -> Self {
        let directions = [Direction::ToServer, Direction::ToClient];
        Self {
            foreign: speaks.map(|reader_of| directions.map(reader_of)),
            ..Self::new(keeps)
        }
    }

    /// How many streams it follows, over both directions: what its memory grows with.
    #[must_use]
    pub fn followed(&self) -> usize {
        self.to_server.followed() + self.to_client.followed()
    }

    /// Takes bytes that passed in `direction`, and returns the frames they complete.
    pub fn saw(&mut self, direction: Direction, bytes: &[u8]) -> Vec<Frame> {
        if direction == Direction::ToServer && bytes.starts_with(HTTP2_BEGINS) {
            self.foreign = None;
        }
        if let Some([to_server, to_client]) = &mut self.foreign {
            let reader = match direction {
                Direction::ToServer => to_server,
                Direction::ToClient => to_client,
            };
            let frames = reader.push(bytes).into_iter();
            return frames.map(|frame| frame.into_frame(direction)).collect();
        }
        let mut frames = Vec::new();
        self.saw_each(direction, bytes, |frame, _, _| frames.push(frame));
        frames
    }

    /// The same, one frame after the other. Each comes with the bytes of messages that it carries, and
    /// with the state of the connection after it.
    pub fn saw_each(
        &mut self,
        direction: Direction,
        bytes: &[u8],
        mut each: impl FnMut(Frame, &[u8], &Connection),
    ) {
        let (decoder, opposite) = match direction {
            Direction::ToServer => (&mut self.to_server, &mut self.to_client),
            Direction::ToClient => (&mut self.to_client, &mut self.to_server),
        };
        let connection = &mut self.connection;
        decoder.push_each(bytes, |frame, carried| {
            connection.saw(&frame);
            match &frame.body {
                Body::Settings(values) => {
                    if let Some(size) = header_table_size(values) {
                        opposite.allow_table_size(size);
                    }
                    if let Some(size) = max_frame_size(values) {
                        opposite.allow_frame_size(size);
                    }
                }
                Body::Reset(_) => opposite.forget(frame.stream),
                _ => {}
            }
            each(frame, carried, connection);
        });
    }

    /// What the frames so far add up to.
    #[must_use]
    pub fn connection(&self) -> &Connection {
        &self.connection
    }
}

/// A witness that the tap and its owner share.
pub type SharedWitness = Arc<Mutex<Witness>>;

/// Called with each frame, in the order in which the frames pass.
pub type OnFrame = Arc<dyn Fn(&Frame) + Send + Sync>;

/// A connection with a tap on it; works for any transport.
pub struct Tap<T> {
    inner: T,
    end: Side,
    witness: SharedWitness,
    on_frame: OnFrame,
}

impl<T> Tap<T> {
    /// Puts a tap on `inner`.
    pub fn new(inner: T, end: Side, witness: SharedWitness, on_frame: OnFrame) -> Self {
        Self {
            inner,
            end,
            witness,
            on_frame,
        }
    }

    fn passed(&self, direction: Direction, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        // Decoding never panics, so a poisoned lock still holds a usable witness.
        let frames = self
            .witness
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .saw(direction, bytes);
        for frame in &frames {
            (self.on_frame)(frame);
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Tap<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        if matches!(polled, Poll::Ready(Ok(()))) {
            self.passed(self.end.written().opposite(), &buf.filled()[before..]);
        }
        polled
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Tap<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write(cx, buf);
        if let Poll::Ready(Ok(written)) = polled {
            self.passed(self.end.written(), &buf[..written]);
        }
        polled
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        if let Poll::Ready(Ok(mut written)) = polled {
            for buf in bufs {
                let taken = written.min(buf.len());
                self.passed(self.end.written(), &buf[..taken]);
                written -= taken;
            }
        }
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

impl<T: Connected> Connected for Tap<T> {
    type ConnectInfo = T::ConnectInfo;

    fn connect_info(&self) -> Self::ConnectInfo {
        self.inner.connect_info()
    }
}
