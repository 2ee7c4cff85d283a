//! The client's table of calls.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;

use super::super::frame::{Code, Frame};

/// What has come for a call.
pub enum Event {
    Item(Bytes),
    End(Code),
}

/// Where the events of a call wait for its reader.
pub struct Inbox {
    /// Unbounded, because the task that fills it must wait for no reader. Its bound is the window: no item
    /// is empty, so there are at most as many of them as the window has bytes.
    pub events: mpsc::UnboundedSender<Event>,
    /// Bytes that have come, and for which no credit has been given back.
    pub unread: Arc<AtomicUsize>,
}

/// The calls that have not ended, by their numbers.
#[derive(Clone, Default)]
pub struct Calls(Arc<Mutex<BTreeMap<u32, Inbox>>>);

impl Calls {
    pub fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Inbox>> {
        // Nothing that holds the lock can leave the map half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connection, as a call uses it.
#[derive(Clone)]
pub struct Line {
    pub calls: Calls,
    pub frames: mpsc::Sender<Frame>,
    /// Unbounded, because a drop cannot wait. There is at most one for each call that was open.
    pub resets: mpsc::UnboundedSender<u32>,
}
