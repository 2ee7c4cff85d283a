//! The messages of a room, as many as are kept, and listeners that are a position in them.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::stream::{self, StreamExt as _};
use tokio::sync::Notify;
use tonic::Status;

use super::rooms::{Ears, Message};

/// How many messages of a room are kept. A listener that is further behind is told so.
pub const KEPT: usize = 1_000;

// ANCHOR: log
/// A bounded log. A listener is a cursor into it and has no queue of its own, so that a listener which does
/// not read costs no memory, and there is no moment between its history and what comes after it.
#[derive(Debug)]
pub struct Log {
    kept: Mutex<Kept>,
    /// Wakes every listener that waits. `Notify` wakes them in the order in which they wait.
    grown: Notify,
}

#[derive(Debug, Default)]
struct Kept {
    /// Each with the id under which it was said.
    messages: VecDeque<(String, Message)>,
    newest: u64,
    /// Why there will be no more.
    end: Option<Status>,
}
// ANCHOR_END: log

impl Default for Log {
    fn default() -> Self {
        Self::from(1)
    }
}

impl AsRef<Self> for Log {
    fn as_ref(&self) -> &Self {
        self
    }
}

impl Log {
    /// A log whose first message will have that sequence.
    pub fn from(first: u64) -> Self {
        let newest = first.saturating_sub(1);
        let kept = Kept {
            newest,
            ..Kept::default()
        };
        Self {
            kept: Mutex::new(kept),
            grown: Notify::new(),
        }
    }

    /// Appends a message, and returns its sequence. If a message with this id is kept, it is that one's.
    pub fn say(&self, id: &str, text: &str) -> u64 {
        let mut kept = self.kept();
        let said = kept.messages.iter().rev().find(|(other, _)| other == id);
        if let Some((_, message)) = said.filter(|_| !id.is_empty()) {
            return message.sequence;
        }
        let sequence = kept.newest.saturating_add(1);
        let text = text.to_owned();
        kept.push(id.to_owned(), Message { sequence, text });
        drop(kept);
        self.grown.notify_waiters();
        sequence
    }

    /// Appends a message that has its sequence. One that is here already is left out, and a gap is `DataLoss`.
    pub fn append(&self, message: Message) -> Result<(), Status> {
        let mut kept = self.kept();
        let next = kept.newest.saturating_add(1);
        if message.sequence > next {
            return Err(Status::data_loss(format!("message {next} is missing")));
        }
        if message.sequence == next {
            kept.push(String::new(), message);
            drop(kept);
            self.grown.notify_waiters();
        }
        Ok(())
    }

    /// There will be no more messages: listeners get this status behind the last one.
    pub fn end(&self, status: Status) {
        self.kept().end = Some(status);
        self.grown.notify_waiters();
    }

    pub fn has_ended(&self) -> bool {
        self.kept().end.is_some()
    }

    /// The sequence of the oldest message that is kept, and of the newest.
    pub fn state(&self) -> (u64, u64) {
        let kept = self.kept();
        (kept.oldest(), kept.newest)
    }

    /// Returns when the message with that sequence is here, or the log has ended.
    pub async fn reaches(&self, sequence: u64) {
        loop {
            // Made before the look: it hears `notify_waiters` from now on.
            let grown = self.grown.notified();
            if self.has_reached(sequence) {
                return;
            }
            grown.await;
        }
    }

    fn has_reached(&self, sequence: u64) -> bool {
        let kept = self.kept();
        kept.newest >= sequence || kept.end.is_some()
    }

    fn at(&self, sequence: u64) -> Look {
        let kept = self.kept();
        if sequence < kept.oldest() {
            return Look::Gone(gone(sequence, &kept));
        }
        let index = usize::try_from(sequence - kept.oldest()).unwrap_or(usize::MAX);
        match (kept.messages.get(index), &kept.end) {
            (Some((_, message)), _) => Look::Here(message.clone()),
            (None, Some(status)) => Look::Gone(status.clone()),
            (None, None) => Look::NotYet,
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing that holds the lock can leave the messages half-changed.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn push(&mut self, id: String, message: Message) {
        if self.messages.len() == KEPT {
            self.messages.pop_front();
        }
        self.newest = message.sequence;
        self.messages.push_back((id, message));
    }

    fn oldest(&self) -> u64 {
        let first = self.messages.front();
        first.map_or(self.newest.saturating_add(1), |(_, first)| first.sequence)
    }
}

enum Look {
    Here(Message),
    NotYet,
    Gone(Status),
}

fn gone(sequence: u64, kept: &Kept) -> Status {
    let oldest = kept.oldest();
    Status::out_of_range(format!(
        "message {sequence} is not kept any more, the oldest is {oldest}"
    ))
}

// ANCHOR: listen
/// Listens behind that sequence. The stream holds on to `owner`, in which the log is.
pub fn listen<L>(owner: Arc<L>, after: Option<u64>) -> Result<Ears, Status>
where
    L: AsRef<Log> + Send + Sync + 'static,
{
    let (oldest, newest) = owner.as_ref().as_ref().state();
    // "From now on" is a number from here on, so that it stays the same moment.
    let after = after.unwrap_or(newest);
    if after > newest {
        return Err(Status::out_of_range(format!(
            "this room has {newest} messages, and none after {after}"
        )));
    }
    let next = after.saturating_add(1);
    if next < oldest && after != 0 {
        return Err(gone(next, &owner.as_ref().as_ref().kept()));
    }
    let next = next.max(oldest);
    let ears = stream::unfold(Some((owner, next)), async |cursor| {
        let (owner, next) = cursor?;
        let item = read(owner.as_ref().as_ref(), next).await;
        let cursor = item.is_ok().then(|| (owner, next.saturating_add(1)));
        Some((item, cursor))
    });
    Ok(ears.boxed())
}

async fn read(log: &Log, next: u64) -> Result<Message, Status> {
    loop {
        let mut grown = pin!(log.grown.notified());
        grown.as_mut().enable();
        match log.at(next) {
            Look::Here(message) => return Ok(message),
            Look::Gone(status) => return Err(status),
            Look::NotYet => grown.await,
        }
    }
}
// ANCHOR_END: listen
