//! A room: its newest messages, who is there, and where each member is in them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tonic::Status;
use tracing::info;
use workbook::proto::rooms::{Here, Moved, Said};

use super::limits::{Limits, NAMES};
use super::presence::Presence;

// ANCHOR: room
/// One room. The lock is a std mutex: it is held to look and to change, and never across an `.await`.
pub struct Room {
    limits: Limits,
    state: Mutex<State>,
    /// Wakes the members that have read everything.
    said: Notify,
}

#[derive(Default)]
struct State {
    messages: VecDeque<Said>,
    /// The sequence of the newest message.
    last: u64,
    presence: Presence,
}
// ANCHOR_END: room

/// Where a member is in what the room sends.
#[derive(Debug, Clone, Copy)]
pub struct Position {
    /// The sequence of the message that is next.
    pub next: u64,
    /// How many changes of presence it has been told.
    pub told: u64,
}

impl Room {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            state: Mutex::default(),
            said: Notify::new(),
        }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    // ANCHOR: join
    /// Joins. History and live messages have no seam: both are one log, and the member a position in it.
    pub fn join(
        self: &Arc<Self>,
        name: &str,
        after: Option<u64>,
    ) -> Result<(Member, Here, Position), Status> {
        let mut state = self.lock();
        let (last, oldest) = (state.last, state.oldest());
        let next = match after {
            // A number at once, also for a member that has none: "from now on" would have a seam.
            None => oldest.max((last + 1).saturating_sub(self.limits.history)),
            Some(after) if after > last => return Err(ahead(after, last)),
            Some(after) if after + 1 < oldest => return Err(behind(oldest)),
            Some(after) => after + 1,
        };
        if !state.presence.has(name) && state.presence.members() >= self.limits.members {
            let full = format!("the room has {} members already", self.limits.members);
            return Err(Status::resource_exhausted(full));
        }
        let replaced = CancellationToken::new();
        let stay = state.presence.joins(name, replaced.clone());
        let (names, members) = (state.presence.names(NAMES), state.presence.members());
        let told = state.presence.changes();
        drop(state);
        info!(joined = name, next, members, "{name} joins, from {next} on");
        let here = Here {
            names,
            members: shown(members),
            last,
        };
        let member = Member {
            room: Arc::clone(self),
            name: name.to_owned(),
            stay,
            replaced,
        };
        Ok((member, here, Position { next, told }))
    }
    // ANCHOR_END: join

    // ANCHOR: next
    /// The next message, when there is one. `OutOfRange` when it is no longer kept.
    pub async fn next(&self, sequence: u64) -> Result<Said, Status> {
        loop {
            // Made before the look at the log, so that a message between the two wakes it.
            let said = self.said.notified();
            if let Some(said) = self.kept(sequence)? {
                return Ok(said);
            }
            said.await;
        }
    }

    /// The message, if it has been said.
    pub fn kept(&self, sequence: u64) -> Result<Option<Said>, Status> {
        let state = self.lock();
        let oldest = state.oldest();
        let place = sequence.checked_sub(oldest).ok_or_else(|| behind(oldest))?;
        let place = usize::try_from(place).ok();
        Ok(place.and_then(|place| state.messages.get(place).cloned()))
    }
    // ANCHOR_END: next

    /// The sequence of the newest message.
    pub fn last(&self) -> u64 {
        self.lock().last
    }

    /// What has changed since the member was told, and how far it is told then.
    pub fn moved(&self, told: u64) -> Option<(Moved, u64)> {
        let presence = &self.lock().presence;
        let (joined, left) = presence.since(told)?;
        let moved = Moved {
            joined,
            left,
            members: shown(presence.members()),
        };
        Some((moved, presence.changes()))
    }

    pub fn is_empty(&self) -> bool {
        self.lock().presence.members() == 0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The sequence of the oldest message that is kept, or of the first one to come.
    fn oldest(&self) -> u64 {
        self.messages
            .front()
            .map_or(self.last + 1, |said| said.sequence)
    }
}

// ANCHOR: member
/// A stay in a room. Dropping it leaves, however the stay ends.
pub struct Member {
    room: Arc<Room>,
    name: String,
    stay: u64,
    /// Is cancelled when the same name joins again.
    pub replaced: CancellationToken,
}

impl Member {
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn room(&self) -> &Arc<Room> {
        &self.room
    }

    /// Says it to all. Waits for no member: each reads at its own pace.
    pub fn say(&self, text: String) -> u64 {
        let mut state = self.room.lock();
        state.last += 1;
        let sequence = state.last;
        let name = self.name.clone();
        state.messages.push_back(Said {
            sequence,
            name,
            text,
        });
        if state.messages.len() > self.room.limits.kept {
            state.messages.pop_front();
        }
        drop(state);
        self.room.said.notify_waiters();
        sequence
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let (name, mut state) = (&self.name, self.room.lock());
        if state.presence.leaves(name, self.stay) {
            let members = state.presence.members();
            drop(state);
            info!(left = name.as_str(), members, "{name} is no longer there");
        }
    }
}
// ANCHOR_END: member

fn behind(oldest: u64) -> Status {
    Status::out_of_range(format!("the oldest message that is kept is {oldest}"))
}

/// The log is another one than the client knows: its server has begun anew.
fn ahead(after: u64, last: u64) -> Status {
    Status::out_of_range(format!("{after} is not said yet: the newest one is {last}"))
}

fn shown(members: usize) -> u32 {
    u32::try_from(members).unwrap_or(u32::MAX)
}
