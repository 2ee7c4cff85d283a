//! Wrong: waits for room in the queue of a member that has left: the room keeps both ends of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::{Mutex, mpsc};
use tokio::time::{Instant, timeout_at};
use tonic::Status;
use workbook::proto::rooms::from_room::Kind;
use workbook::proto::rooms::{FromRoom, Here, Moved, Said};

/// What a member hears.
pub type Hears = BoxStream<'static, Result<FromRoom, Status>>;

/// A room. Shared by the handlers of all its members.
pub struct Room {
    kept: usize,
    state: Arc<Mutex<State>>,
    here: Arc<StdMutex<BTreeMap<String, (u64, Instant)>>>,
}

/// Read by the stream, and kept for a member that comes back.
type Queue = Arc<Mutex<mpsc::Receiver<Kind>>>;

#[derive(Default)]
struct State {
    messages: VecDeque<Said>,
    last: u64,
    members: BTreeMap<u64, (mpsc::Sender<Kind>, Queue)>,
    stays: u64,
}

impl Room {
    /// A room that keeps that many messages.
    pub fn new(kept: usize) -> Self {
        let (state, here) = (Arc::default(), Arc::default());
        Self { kept, state, here }
    }

    /// Joins, with a token that expires then.
    pub async fn join(
        &self,
        name: &str,
        after: Option<u64>,
        expires: Instant,
    ) -> Result<(Member, Hears), Status> {
        let mut state = self.state.lock().await;
        let oldest = state
            .messages
            .front()
            .map_or(state.last + 1, |said| said.sequence);
        let from = match after {
            None => oldest,
            Some(after) if after > state.last || after + 1 < oldest => {
                return Err(Status::out_of_range("there is nothing to go on from"));
            }
            Some(after) => after + 1,
        };
        state.stays += 1;
        let id = state.stays;
        let names: Vec<String> = {
            let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
            here.insert(name.to_owned(), (id, expires));
            here.keys().cloned().collect()
        };
        let here = Kind::Here(Here {
            members: u32::try_from(names.len()).unwrap_or(u32::MAX),
            names,
            last: state.last,
        });
        let (sender, queue) = mpsc::channel(self.kept + 8);
        let moved = Kind::Moved(Moved {
            joined: vec![name.to_owned()],
            ..Moved::default()
        });
        for (member, _) in state.members.values() {
            let _ = member.send(moved.clone()).await;
        }
        let queue = Arc::new(Mutex::new(queue));
        state.members.insert(id, (sender, Arc::clone(&queue)));
        let history: Vec<Kind> = state
            .messages
            .iter()
            .filter(|said| said.sequence >= from)
            .cloned()
            .map(Kind::Said)
            .collect();
        let first = stream::iter(std::iter::once(here).chain(history));
        let live = stream::unfold(
            (queue, expires),
            async |(queue, expires): (Queue, Instant)| {
                let received = async { queue.lock().await.recv().await };
                let kind = timeout_at(expires, received).await.ok()??;
                Some((kind, (queue, expires)))
            },
        );
        let hears = first
            .chain(live)
            .map(|kind| Ok(FromRoom { kind: Some(kind) }));
        let member = Member {
            id,
            name: name.to_owned(),
            kept: self.kept,
            state: Arc::clone(&self.state),
            here: Arc::clone(&self.here),
        };
        Ok((member, hears.boxed()))
    }

    /// Who is there now, in alphabetical order.
    pub fn here(&self) -> Vec<String> {
        self.here
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .keys()
            .cloned()
            .collect()
    }
}

/// A stay in a room. Dropping it leaves.
pub struct Member {
    id: u64,
    name: String,
    kept: usize,
    state: Arc<Mutex<State>>,
    here: Arc<StdMutex<BTreeMap<String, (u64, Instant)>>>,
}

impl Member {
    /// Says it to all members; the sequence that it has.
    pub async fn say(&self, text: &str) -> Result<u64, Status> {
        let mut state = self.state.lock().await;
        state.last += 1;
        let said = Said {
            sequence: state.last,
            name: self.name.clone(),
            text: text.to_owned(),
        };
        state.messages.push_back(said.clone());
        if state.messages.len() > self.kept {
            state.messages.pop_front();
        }
        for (member, _) in state.members.values() {
            let _ = member.send(Kind::Said(said.clone())).await;
        }
        Ok(said.sequence)
    }

    /// A newer token has come: the stay lasts until then.
    pub fn renew(&self, expires: Instant) {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        here.insert(self.name.clone(), (self.id, expires));
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        here.remove(&self.name);
        let (state, name) = (Arc::clone(&self.state), self.name.clone());
        tokio::spawn(async move {
            let state = state.lock().await;
            let moved = Kind::Moved(Moved {
                left: vec![name],
                ..Moved::default()
            });
            for (member, _) in state.members.values() {
                let _ = member.send(moved.clone()).await;
            }
        });
    }
}
