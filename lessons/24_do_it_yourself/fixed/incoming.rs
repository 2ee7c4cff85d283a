//! A call, as its reader has it.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;

use super::super::frame::{Body, Code, Frame};
use super::calls::{Event, Line};
use super::window::WINDOW;

/// Credit is given back in pieces of this size, so that there is not a frame for each item.
const PIECE: usize = WINDOW / 2;

/// Why a call did not end well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The server has ended it with this code.
    Failed(Code),
    /// The connection broke before the end: some of the answer may be missing.
    Connection,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(code) => write!(f, "the server says {code:?}"),
            Self::Connection => write!(f, "the connection broke before the end"),
        }
    }
}

/// The answer to a call. Dropping it before its end resets the call.
pub struct Incoming {
    call: u32,
    events: mpsc::UnboundedReceiver<Event>,
    line: Line,
    unread: Arc<AtomicUsize>,
    /// Bytes that have been read, and for which no credit has been given back.
    owed: usize,
    ended: bool,
}

impl Incoming {
    pub fn new(
        call: u32,
        events: mpsc::UnboundedReceiver<Event>,
        unread: Arc<AtomicUsize>,
        line: Line,
    ) -> Self {
        Self {
            call,
            events,
            line,
            unread,
            owed: 0,
            ended: false,
        }
    }

    /// Bytes that wait to be read.
    pub fn unread(&self) -> usize {
        self.unread.load(Ordering::Relaxed)
    }

    // ANCHOR: next
    /// The next piece of the answer, and `None` behind the last one. When it is dropped
    /// while it waits, no piece is lost.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Lost> {
        if self.ended {
            return Ok(None);
        }
        // The reader has come back, so what it took before has been read.
        if self.owed >= PIECE {
            let credit = u32::try_from(self.owed).unwrap_or(u32::MAX);
            let place = self.line.frames.reserve().await;
            self.unread.fetch_sub(self.owed, Ordering::Relaxed);
            self.owed = 0;
            // After the end of the connection, what came before it can still be read.
            if let Ok(place) = place {
                place.send(Frame {
                    call: self.call,
                    body: Body::Credit(credit),
                });
            }
        }
        match self.events.recv().await {
            Some(Event::Item(item)) => {
                self.owed += item.len();
                Ok(Some(item))
            }
            Some(Event::End(Code::Ok)) => {
                self.ended = true;
                Ok(None)
            }
            Some(Event::End(code)) => Err(Lost::Failed(code)),
            // No End came: the connection is over.
            None => Err(Lost::Connection),
        }
    }
    // ANCHOR_END: next
}

// ANCHOR: drop
impl Drop for Incoming {
    fn drop(&mut self) {
        let removed = self.line.calls.lock().remove(&self.call);
        // A call that is no longer in the table has been ended by the server.
        if removed.is_some() {
            // An error says that the connection is over, and the call with it.
            let _ = self.line.resets.send(self.call);
        }
    }
}
// ANCHOR_END: drop
