//! Who writes a file: one call for each name, the newest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use tokio_util::sync::CancellationToken;
use tonic::Status;

/// What happens when a second call wants to write a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// It is refused, for as long as the first call is there.
    FirstWins,
    /// The first call ends, and the second goes on from what is held then.
    NewestWins,
}

/// The names that are being written, and by whom. It has an entry for each such call, no more.
#[derive(Default)]
pub struct Claims(Mutex<BTreeMap<String, Entry>>);

struct Entry {
    /// Tells the newest writer that it is not the newest any more.
    newest: CancellationToken,
    /// Held by the one that writes.
    turn: Arc<Turn<()>>,
}

/// The right to write a file. What writes on another thread keeps a clone of it, so that the next
/// writer begins when the last byte of this one is written.
pub struct Claim {
    claims: Arc<Claims>,
    name: String,
    superseded: CancellationToken,
    turn: Option<OwnedMutexGuard<()>>,
}

impl Claims {
    // ANCHOR: claim
    /// Waits until the writer before this one has stopped.
    pub async fn claim(self: &Arc<Self>, name: &str, rule: Rule) -> Result<Arc<Claim>, Status> {
        let superseded = CancellationToken::new();
        let turn = {
            let mut entries = self.lock();
            match entries.get_mut(name) {
                Some(_) if rule == Rule::FirstWins => {
                    return Err(Status::aborted("the file is being uploaded"));
                }
                Some(entry) => {
                    // The token is the signal. The turn shows that the signal was obeyed.
                    entry.newest.cancel();
                    entry.newest = superseded.clone();
                    Arc::clone(&entry.turn)
                }
                None => {
                    let turn = Arc::default();
                    let entry = Entry {
                        newest: superseded.clone(),
                        turn: Arc::clone(&turn),
                    };
                    entries.insert(name.to_owned(), entry);
                    turn
                }
            }
        };
        let mut claim = Claim {
            claims: Arc::clone(self),
            name: name.to_owned(),
            superseded,
            turn: None,
        };
        claim.turn = Some(turn.lock_owned().await);
        Ok(Arc::new(claim))
    }
    // ANCHOR_END: claim

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Entry>> {
        // Nothing that holds the lock can leave the map half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// Resolves when another call wants to write the file.
    pub async fn superseded(&self) {
        self.superseded.cancelled().await;
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let mut entries = self.claims.lock();
        self.turn.take();
        // A call that waits for its turn has an Arc of it, and so has one that writes.
        let is_last = |entry: &Entry| Arc::strong_count(&entry.turn) == 1;
        if entries.get(&self.name).is_some_and(is_last) {
            entries.remove(&self.name);
        }
    }
}
