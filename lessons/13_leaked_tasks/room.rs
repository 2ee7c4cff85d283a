//! A room: every subscriber receives what any member publishes. It may be silent for hours.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use workbook::proto::chat::ChatMessage;

/// Messages that may wait for a slow subscriber.
const WAITING: usize = 16;

/// A room, and its members.
#[derive(Debug, Default)]
pub struct Room {
    members: Mutex<Members>,
    halves: Arc<AtomicUsize>,
}

#[derive(Debug, Default)]
struct Members {
    last: usize,
    queues: BTreeMap<usize, mpsc::Sender<ChatMessage>>,
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
        members.queues.insert(member, sender);
        drop(members);
        let room = Arc::clone(self);
        let subscriber = Subscriber {
            room,
            member,
            queue,
            _membership: Membership::count(&self.halves),
        };
        let room = Arc::clone(self);
        let publisher = Publisher {
            room,
            _membership: Membership::count(&self.halves),
        };
        (subscriber, publisher)
    }

    /// How many halves of memberships still exist: two for each member.
    pub fn halves(&self) -> usize {
        self.halves.load(Ordering::Relaxed)
    }

    /// Sends a message to every subscriber. A subscriber whose queue is full misses it.
    pub fn publish(&self, message: &ChatMessage) {
        for queue in self.lock().queues.values() {
            let _missed = queue.try_send(message.clone());
        }
    }

    /// Closes the room: every subscriber receives what is queued, and then None.
    pub fn close(&self) {
        self.lock().queues.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Members> {
        // No code panics between two changes under this lock, so a poisoned room is still consistent.
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Subscriber {
    /// The next message, or None when the room has closed. Cancel-safe: dropping this future loses no
    /// message.
    pub async fn next(&mut self) -> Option<ChatMessage> {
        self.queue.recv().await
    }
}

impl Publisher {
    /// Sends a message to every subscriber in the room.
    pub fn publish(&self, message: &ChatMessage) {
        self.room.publish(message);
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        self.room.lock().queues.remove(&self.member);
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
