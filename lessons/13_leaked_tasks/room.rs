//! A room in which everybody hears what is said. It may be silent for hours.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use workbook::proto::chat::ChatMessage;

/// Messages that may wait for a member who is slow.
const WAITING: usize = 16;

/// A room.
#[derive(Debug, Default)]
pub struct Room {
    inside: Mutex<Inside>,
    seats: Arc<AtomicUsize>,
}

#[derive(Debug, Default)]
struct Inside {
    last: usize,
    ears: BTreeMap<usize, mpsc::Sender<ChatMessage>>,
}

/// What a member hears. Dropping it leaves the room, with this half.
#[derive(Debug)]
pub struct Ears {
    room: Arc<Room>,
    member: usize,
    queue: mpsc::Receiver<ChatMessage>,
    _seat: Seat,
}

/// With which a member speaks. Dropping it leaves the room, with this half.
#[derive(Debug)]
pub struct Mouth {
    room: Arc<Room>,
    _seat: Seat,
}

/// Taken for as long as this lives.
#[derive(Debug)]
struct Seat(Arc<AtomicUsize>);

impl Room {
    /// A new member comes in.
    pub fn enter(self: &Arc<Self>) -> (Ears, Mouth) {
        let (ear, queue) = mpsc::channel(WAITING);
        let mut inside = self.lock();
        inside.last += 1;
        let member = inside.last;
        inside.ears.insert(member, ear);
        drop(inside);
        let room = Arc::clone(self);
        let ears = Ears {
            room,
            member,
            queue,
            _seat: Seat::take(&self.seats),
        };
        let room = Arc::clone(self);
        let mouth = Mouth {
            room,
            _seat: Seat::take(&self.seats),
        };
        (ears, mouth)
    }

    /// Halves of members that are still here: two for each.
    pub fn seats(&self) -> usize {
        self.seats.load(Ordering::Relaxed)
    }

    /// Says something to everybody. A member who is so slow that the queue is full misses it.
    pub fn say(&self, message: &ChatMessage) {
        for ear in self.lock().ears.values() {
            let _missed = ear.try_send(message.clone());
        }
    }

    /// Closes for the night: whoever listens hears the end.
    pub fn close(&self) {
        self.lock().ears.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        // Nothing that holds the lock can leave the room half-changed.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ears {
    /// The next message, or None when the room has closed. Nothing is lost if this is dropped early.
    pub async fn next(&mut self) -> Option<ChatMessage> {
        self.queue.recv().await
    }
}

impl Mouth {
    /// Says something to everybody in the room.
    pub fn say(&self, message: &ChatMessage) {
        self.room.say(message);
    }
}

impl Drop for Ears {
    fn drop(&mut self) {
        self.room.lock().ears.remove(&self.member);
    }
}

impl Seat {
    fn take(seats: &Arc<AtomicUsize>) -> Self {
        seats.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(seats))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
