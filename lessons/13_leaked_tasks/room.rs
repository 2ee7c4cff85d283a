//! A room: every subscriber receives what any member publishes. It may be silent for hours.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use workbook::proto::chat::ChatMessage;

/// Messages that may wait for a slow subscriber.
const WAITING: usize = 16;

/// A room, and its members.
#[derive(Debug, Default)]
pub struct Room {
    members: Mutex<Members>,
    closed: CancellationToken,
    halves: Arc<AtomicUsize>,
}

#[derive(Debug, Default)]
struct Members {
    last: usize,
    queues: BTreeMap<usize, mpsc::Sender<ChatMessage>>,
    /// Members that have missed a message, and have not been told yet.
    behind: BTreeSet<usize>,
}

/// The half of a membership that receives. Dropping it unsubscribes.
#[derive(Debug)]
pub struct Subscriber {
    room: Arc<Room>,
    member: usize,
    queue: mpsc::Receiver<ChatMessage>,
    _membership: Membership,
}

/// The half of a membership that publishes.
#[derive(Debug)]
pub struct Publisher {
    room: Arc<Room>,
    _membership: Membership,
}

/// Counts one half of a membership for as long as it lives.
#[derive(Debug)]
struct Membership(Arc<AtomicUsize>);

impl Room {
    /// A new member joins.
    pub fn join(self: &Arc<Self>) -> (Subscriber, Publisher) {
        let (sender, queue) = mpsc::channel(WAITING);
        let mut members = self.lock();
        members.last += 1;
        let member = members.last;
        if !self.closed.is_cancelled() {
            members.queues.insert(member, sender);
        }
        drop(members);
        let subscriber = Subscriber {
            room: Arc::clone(self),
            member,
            queue,
            _membership: Membership::count(&self.halves),
        };
        let publisher = Publisher {
            room: Arc::clone(self),
            _membership: Membership::count(&self.halves),
        };
        (subscriber, publisher)
    }

    /// How many halves of memberships still exist: two for each member.
    pub fn halves(&self) -> usize {
        self.halves.load(Ordering::Relaxed)
    }

    /// Sends a message to every subscriber. One whose queue is full has fallen behind: it receives what
    /// is queued, then an error, and nothing more.
    ///
    /// If the room waited for space in that queue instead, a single client that does not read would stop
    /// all others. If it left the message out, the conversation would look complete and would not be
    /// (lesson 09). A member that is told can join again, and ask for what it has missed.
    pub fn publish(&self, message: &ChatMessage) {
        let Members { queues, behind, .. } = &mut *self.lock();
        queues.retain(|member, queue| {
            let is_queued = queue.try_send(message.clone()).is_ok();
            if !is_queued {
                behind.insert(*member);
            }
            is_queued
        });
    }

    /// Closes the room: every subscriber receives what is queued, and then None.
    pub fn close(&self) {
        let mut members = self.lock();
        self.closed.cancel();
        members.queues.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Members> {
        // No code panics between two changes under this lock, so a poisoned room is still consistent.
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    /// The next message; an error, once, if the member has fallen behind; or None when the room has
    /// closed. Cancel-safe: dropping this future loses no message.
    pub async fn next(&mut self) -> Option<Result<ChatMessage, Status>> {
        match self.queue.recv().await {
            Some(message) => Some(Ok(message)),
            None => self.missed(),
        }
    }

    /// Leaves the room, and returns what `next` would still have returned without waiting: at most 16
    /// messages, and the error if the member has fallen behind.
    pub fn leave(mut self) -> Vec<Result<ChatMessage, Status>> {
        let mut rest = Vec::new();
        while let Ok(message) = self.queue.try_recv() {
            rest.push(Ok(message));
        }
        rest.extend(self.missed());
        rest
    }

    fn missed(&self) -> Option<Result<ChatMessage, Status>> {
        let is_behind = self.room.lock().behind.remove(&self.member);
        is_behind.then(|| Err(behind()))
    }
}

/// What a member is told that has fallen behind.
pub fn behind() -> Status {
    Status::resource_exhausted(format!(
        "more than {WAITING} messages waited for you, and the rest is missing: join again"
    ))
}

impl Publisher {
    /// Sends a message to every subscriber in the room.
    ///
    /// It yields once, so that the subscribers' tasks can take the message before the next one is
    /// published. Without that, a burst of requests would put members behind that do read.
    pub async fn publish(&self, message: &ChatMessage) {
        self.room.publish(message);
        yield_now().await;
    }

    /// Completes when the room has closed.
    pub async fn closed(&self) {
        self.room.closed.cancelled().await;
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        let mut members = self.room.lock();
        members.queues.remove(&self.member);
        members.behind.remove(&self.member);
    }
}

impl Membership {
    fn count(halves: &Arc<AtomicUsize>) -> Self {
        halves.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(halves))
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
