//! Wrong: `Here` is made when the stream is first read, and not when the member joins.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::Notify;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until};
use tonic::Status;
use workbook::proto::rooms::from_room::Kind;
use workbook::proto::rooms::{FromRoom, Here, Moved, Said};

/// What a member hears.
pub type Hears = BoxStream<'static, Result<FromRoom, Status>>;

/// How often a member is told who has come and gone.
const PRESENCE: Duration = Duration::from_secs(1);

/// A room. Shared by the handlers of all its members.
pub struct Room(Arc<Inner>);

struct Inner {
    kept: usize,
    state: Mutex<State>,
    /// Wakes the members: something was said, or a stay has changed.
    changed: Notify,
}

#[derive(Default)]
struct State {
    messages: VecDeque<Said>,
    last: u64,
    /// The stays that have not ended, by name.
    members: BTreeMap<String, Stay>,
    stays: u64,
}

#[derive(Clone, Copy)]
struct Stay {
    id: u64,
    expires: Instant,
}

impl Room {
    /// A room that keeps that many messages.
    pub fn new(kept: usize) -> Self {
        Self(Arc::new(Inner {
            kept,
            state: Mutex::default(),
            changed: Notify::new(),
        }))
    }

    /// Joins, with a token that expires then.
    pub async fn join(
        &self,
        name: &str,
        after: Option<u64>,
        expires: Instant,
    ) -> Result<(Member, Hears), Status> {
        let room = Arc::clone(&self.0);
        let mut state = room.lock();
        let next = match after {
            None => state.oldest(),
            Some(after) if after > state.last => return Err(not_kept(after)),
            Some(after) if after + 1 < state.oldest() => return Err(not_kept(after)),
            Some(after) => after + 1,
        };
        state.stays += 1;
        let stay = Stay {
            id: state.stays,
            expires,
        };
        // The older stay of this name is not the current one any more, and finds that out itself.
        state.members.insert(name.to_owned(), stay);
        let told: BTreeSet<String> = state.members.keys().cloned().collect();
        let here = Here {
            names: told.iter().cloned().collect(),
            members: count(told.len()),
            last: state.last,
        };
        drop(state);
        room.changed.notify_waiters();
        let me = Me {
            name: name.to_owned(),
            id: stay.id,
        };
        let mut presence = interval_at(Instant::now() + PRESENCE, PRESENCE);
        presence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let hears = Hearing {
            room: Arc::clone(&room),
            me: me.clone(),
            here: Some(here),
            next,
            told,
            presence,
        };
        let left = Arc::default();
        let member = Member {
            room,
            me,
            left: Arc::clone(&left),
        };
        Ok((member, hears.events(left)))
    }

    /// Who is there now, in alphabetical order.
    pub fn here(&self) -> Vec<String> {
        self.0.lock().members.keys().cloned().collect()
    }
}

/// A stay in a room. Dropping it leaves.
pub struct Member {
    room: Arc<Inner>,
    me: Me,
    left: Left,
}

/// Where a member's stream ends: behind this message, because the member has left.
type Left = Arc<Mutex<Option<u64>>>;

/// Which stay it is.
#[derive(Clone)]
struct Me {
    name: String,
    id: u64,
}

impl Member {
    /// Says it to all members; the sequence that it has.
    pub async fn say(&self, text: &str) -> Result<u64, Status> {
        let mut state = self.room.lock();
        state.stay(&self.me)?;
        state.last += 1;
        let sequence = state.last;
        state.messages.push_back(Said {
            sequence,
            name: self.me.name.clone(),
            text: text.to_owned(),
        });
        if state.messages.len() > self.room.kept {
            state.messages.pop_front();
        }
        drop(state);
        self.room.changed.notify_waiters();
        Ok(sequence)
    }

    /// A newer token has come: the stay lasts until then.
    pub fn renew(&self, expires: Instant) {
        let mut state = self.room.lock();
        // What has ended is not renewed.
        if state.stay(&self.me).is_ok()
            && let Some(stay) = state.members.get_mut(&self.me.name)
        {
            stay.expires = expires;
        }
        drop(state);
        self.room.changed.notify_waiters();
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut state = self.room.lock();
        // An older stay must not remove the newer one of its name.
        if state.stay(&self.me).is_ok() {
            state.members.remove(&self.me.name);
            let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
            *left = Some(state.last);
        }
        drop(state);
        self.room.changed.notify_waiters();
    }
}

impl Inner {
    /// The state, without the stays whose token has expired.
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        state.members.retain(|_, stay| stay.expires > now);
        state
    }
}

impl State {
    fn oldest(&self) -> u64 {
        let first = self.messages.front();
        first.map_or(self.last + 1, |said| said.sequence)
    }

    /// The stay, or why it has ended.
    fn stay(&self, me: &Me) -> Result<Stay, Status> {
        match self.members.get(&me.name) {
            Some(stay) if stay.id == me.id => Ok(*stay),
            Some(_) => Err(Status::aborted("the same name has joined again")),
            None => Err(Status::unauthenticated("the token has expired")),
        }
    }
}

/// What a member hears, and where it is in it.
struct Hearing {
    room: Arc<Inner>,
    me: Me,
    here: Option<Here>,
    next: u64,
    told: BTreeSet<String>,
    presence: Interval,
}

impl Hearing {
    fn events(self, left: Left) -> Hears {
        stream::try_unfold((self, left), async |(mut hearing, left)| {
            let kind = hearing.next(&left).await?;
            Ok(kind.map(|kind| (FromRoom { kind: Some(kind) }, (hearing, left))))
        })
        .boxed()
    }

    async fn next(&mut self, left: &Left) -> Result<Option<Kind>, Status> {
        if self.here.take().is_some() {
            let state = self.room.lock();
            let names: Vec<String> = state.members.keys().cloned().collect();
            let members = count(names.len());
            let last = state.last;
            return Ok(Some(Kind::Here(Here {
                names,
                members,
                last,
            })));
        }
        let room = Arc::clone(&self.room);
        loop {
            // Made before the look at the state, so that a change between the two wakes it.
            let changed = room.changed.notified();
            let until = *left.lock().unwrap_or_else(PoisonError::into_inner);
            if until.is_some_and(|until| self.next > until) {
                return Ok(None);
            }
            let expires = {
                let state = room.lock();
                let stay = state.stay(&self.me);
                let expires = match until {
                    Some(_) => None,
                    None => Some(stay?.expires),
                };
                let place = self.next.checked_sub(state.oldest());
                let place = place.ok_or_else(|| not_kept(self.next))?;
                let said = usize::try_from(place).ok();
                if let Some(said) = said.and_then(|place| state.messages.get(place)) {
                    self.next += 1;
                    return Ok(Some(Kind::Said(said.clone())));
                }
                expires
            };
            tokio::select! {
                biased;
                () = changed => {}
                () = sleep_until(expires.unwrap_or_else(Instant::now)), if expires.is_some() => {}
                _ = self.presence.tick() => if let Some(moved) = self.moved() {
                    return Ok(Some(Kind::Moved(moved)));
                },
            }
        }
    }

    /// Who has come and gone since the member was told.
    fn moved(&mut self) -> Option<Moved> {
        let now: BTreeSet<String> = self.room.lock().members.keys().cloned().collect();
        let joined: Vec<String> = now.difference(&self.told).cloned().collect();
        let left: Vec<String> = self.told.difference(&now).cloned().collect();
        let members = count(now.len());
        self.told = now;
        let moved = !(joined.is_empty() && left.is_empty());
        moved.then_some(Moved {
            joined,
            left,
            members,
        })
    }
}

fn not_kept(sequence: u64) -> Status {
    Status::out_of_range(format!("there is nothing to go on from at {sequence}"))
}

fn count(members: usize) -> u32 {
    u32::try_from(members).unwrap_or(u32::MAX)
}
