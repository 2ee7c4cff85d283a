//! Wrong: a write of no bytes sends an item without bytes.

use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, Semaphore, mpsc};
use tokio_util::bytes::Bytes;

use super::frame::{Body, Code, Frame, refused};
use super::sizes::LONGEST;

/// The sending half of a call. There is one `write` or `end` at a time.
pub struct Writer {
    call: u32,
    frames: mpsc::Sender<Frame>,
    /// A permit for each byte that may be sent.
    credit: Semaphore,
}

impl Writer {
    /// May send `window` bytes before there is credit.
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        Self {
            call,
            frames,
            credit: Semaphore::new(as_usize(window)),
        }
    }

    /// Sends all bytes, as credit allows.
    pub async fn write(&self, mut bytes: Bytes) -> io::Result<()> {
        if bytes.is_empty() {
            let (call, body) = (self.call, Body::Item(bytes));
            let sent = self.frames.send(Frame { call, body }).await;
            return sent.map_err(io::Error::other);
        }
        while !bytes.is_empty() {
            // Dropped together with this future, a permit that is not forgotten goes back.
            let first = tokio::select! {
                biased;
                // Without a connection no credit comes any more.
                () = self.frames.closed() => return Err(io::ErrorKind::BrokenPipe.into()),
                first = self.credit.acquire() => first.map_err(io::Error::other)?,
            };
            // Only now: a place that is held during the wait for credit would stop the other calls.
            let place = self.frames.reserve().await.map_err(io::Error::other)?;
            // From here on nothing is awaited. Whatever else there is credit for goes along.
            let most = bytes.len().min(LONGEST) - 1;
            let more = self.credit.forget_permits(most);
            first.forget();
            place.send(Frame {
                call: self.call,
                body: Body::Item(bytes.split_to(1 + more)),
            });
        }
        Ok(())
    }

    /// Sends the end.
    pub async fn end(&self, code: Code) -> io::Result<()> {
        let frame = Frame {
            call: self.call,
            body: Body::End(code),
        };
        self.frames.send(frame).await.map_err(io::Error::other)
    }

    /// A `Credit` frame has come.
    pub fn credit(&self, bytes: u32) {
        // More would be a panic of the semaphore, and the peer decides how much it is.
        let room = Semaphore::MAX_PERMITS - self.credit.available_permits();
        self.credit.add_permits(as_usize(bytes).min(room));
    }
}

/// The receiving half of a call. There is one `read` at a time.
pub struct Reader {
    call: u32,
    window: usize,
    frames: mpsc::Sender<Frame>,
    state: Mutex<State>,
    /// Something has come.
    changed: Notify,
}

#[derive(Default)]
struct State {
    items: VecDeque<Bytes>,
    ended: bool,
    /// Bytes that have come, and for which no credit has been given back.
    open: usize,
    /// Those of them that have been read.
    owed: usize,
}

impl Reader {
    /// Takes `window` bytes before it gives credit back.
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        Self {
            call,
            window: as_usize(window),
            frames,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// An `Item` frame has come.
    pub fn received(&self, bytes: Bytes) -> io::Result<()> {
        let mut state = self.lock();
        if bytes.is_empty() || bytes.len() > self.window - state.open {
            return Err(refused(
                "an item that costs nothing, or one beyond the window",
            ));
        }
        state.open += bytes.len();
        state.items.push_back(bytes);
        self.changed.notify_one();
        Ok(())
    }

    /// An `End` frame has come.
    pub fn ended(&self) {
        self.lock().ended = true;
        self.changed.notify_one();
    }

    /// The next bytes; None behind the last ones.
    pub async fn read(&self) -> Option<Bytes> {
        self.give_back().await;
        loop {
            {
                let mut state = self.lock();
                if let Some(item) = state.items.pop_front() {
                    state.owed += item.len();
                    return Some(item);
                }
                if state.ended {
                    return None;
                }
            }
            // What comes between the look and this wait is remembered: `notify_one` leaves a permit.
            self.changed.notified().await;
        }
    }

    /// Gives credit back for what earlier calls of `read` have returned.
    async fn give_back(&self) {
        if self.lock().owed == 0 {
            return;
        }
        // An error says that the connection is over: nothing more will be sent, credit or not.
        let Ok(place) = self.frames.reserve().await else {
            return;
        };
        let mut state = self.lock();
        let owed = std::mem::take(&mut state.owed);
        state.open -= owed;
        place.send(Frame {
            call: self.call,
            body: Body::Credit(u32::try_from(owed).unwrap_or(u32::MAX)),
        });
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn as_usize(bytes: u32) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}
