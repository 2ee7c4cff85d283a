//! A file that takes its time, stalls or fails, and shows how much of it has been read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Sleep, sleep};
use workbook::grade::{Drops, Guard};

use super::super::chunks::CHUNK;

/// How long a slow reader takes for one chunk.
pub const READ_TAKES: Duration = Duration::from_millis(10);

/// What the text of an error is that a reader fails with.
pub const BROKEN: &str = "the disk is broken";

/// What a reader does after its last byte.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    Ends,
    /// Its read stays pending, like one from a terminal at which no key is pressed.
    Stalls,
    Fails(io::ErrorKind),
}

/// A file that has not been opened yet.
#[derive(Debug, Clone, Copy)]
pub struct File {
    length: usize,
    takes: Duration,
    then: Then,
}

/// How much of the files has been read, and how many are open.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    bytes: Arc<AtomicUsize>,
    pub open: Drops,
}

/// An open file.
pub struct Reader {
    file: File,
    at: usize,
    waiting: Option<Pin<Box<Sleep>>>,
    progress: Progress,
    _open: Guard,
}

impl File {
    pub fn of(length: usize) -> Self {
        Self {
            length,
            takes: Duration::ZERO,
            then: Then::Ends,
        }
    }

    /// A read takes that long, and gives a chunk's bytes at most.
    pub fn slow(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    pub fn then(self, then: Then) -> Self {
        Self { then, ..self }
    }

    pub fn open(self, progress: &Progress) -> Reader {
        Reader {
            file: self,
            at: 0,
            waiting: None,
            progress: progress.clone(),
            _open: progress.open.guard(),
        }
    }

    /// All bytes of a file of that length.
    pub fn content(length: usize) -> Vec<u8> {
        (0..=u8::MAX).cycle().take(length).collect()
    }
}

impl Progress {
    pub fn chunks(&self) -> usize {
        self.bytes.load(Ordering::Relaxed) / CHUNK
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let File {
            length,
            takes,
            then,
        } = self.file;
        if self.at >= length {
            return match then {
                Then::Ends => Poll::Ready(Ok(())),
                Then::Stalls => Poll::Pending,
                Then::Fails(kind) => Poll::Ready(Err(io::Error::new(kind, BROKEN))),
            };
        }
        if !takes.is_zero() {
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(takes)));
            ready!(waiting.as_mut().poll(cx));
            self.waiting = None;
        }
        let piece = CHUNK.min(buf.remaining()).min(length - self.at);
        let bytes = (0..=u8::MAX).cycle().skip(self.at % 256).take(piece);
        buf.put_slice(&bytes.collect::<Vec<u8>>());
        self.at += piece;
        self.progress.bytes.fetch_add(piece, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}
