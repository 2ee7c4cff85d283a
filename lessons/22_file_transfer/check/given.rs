//! What the exercise is given: a file, and a progress bar.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;
use tokio::time::Instant;
use workbook::grade::{Verdict, count, ensure, seconds};

use super::super::source::{Progress, Source, Version};

/// A file that is made while it is read, so that a large one needs no memory.
pub struct Given {
    pub size: u64,
    read: watch::Sender<u64>,
    changes_behind: u64,
    written_to_at: Option<Instant>,
    fails_behind: u64,
}

/// The file repeats a block of bytes. Its length is a prime, so that no piece of a usual size can stand in
/// another's place.
const BLOCK: usize = 4093;

/// The file from one place to another.
pub fn content(from: u64, to: u64) -> Vec<u8> {
    let of_block = |at: usize| (at ^ (at >> 4)).to_le_bytes()[0];
    let block: Vec<u8> = (0..BLOCK).map(of_block).collect();
    let in_memory = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let (skipped, length) = (in_memory(from) % BLOCK, in_memory(to - from));
    let mut content = block[skipped..].to_vec();
    while content.len() < length {
        content.extend_from_slice(&block);
    }
    content.truncate(length);
    content
}

impl Given {
    pub fn of(size: u64) -> Arc<Self> {
        Arc::new(Self::new(size))
    }

    fn new(size: u64) -> Self {
        Self {
            size,
            read: watch::Sender::new(0),
            changes_behind: u64::MAX,
            written_to_at: None,
            fails_behind: u64::MAX,
        }
    }

    /// It is another version once so much of it was read.
    pub fn that_changes_behind(self: Arc<Self>, changes_behind: u64) -> Arc<Self> {
        Arc::new(Self {
            changes_behind,
            ..Self::new(self.size)
        })
    }

    /// It is another version when so much time has passed.
    pub fn that_is_written_to_in(self: Arc<Self>, time: Duration) -> Arc<Self> {
        Arc::new(Self {
            written_to_at: Some(Instant::now() + time),
            ..Self::new(self.size)
        })
    }

    /// What comes behind this cannot be read.
    pub fn that_fails_behind(self: Arc<Self>, fails_behind: u64) -> Arc<Self> {
        Arc::new(Self {
            fails_behind,
            ..Self::new(self.size)
        })
    }

    pub fn read_so_far(&self) -> u64 {
        *self.read.borrow()
    }

    /// Resolves when so many bytes have been read.
    pub async fn has_read(&self, bytes: u64) {
        // An error is impossible: the sender is a part of this.
        let _ = self.read.subscribe().wait_for(|read| *read >= bytes).await;
    }
}

impl Source for Given {
    fn version(&self) -> io::Result<Version> {
        let is_changed = self.read_so_far() > self.changes_behind;
        let is_written_to = self.written_to_at.is_some_and(|at| Instant::now() >= at);
        let seconds = u64::from(is_changed || is_written_to);
        Ok(Version {
            size: self.size,
            modified: SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)),
        })
    }

    fn read(&self, offset: u64, most: usize) -> io::Result<Vec<u8>> {
        let most = u64::try_from(most).map_err(io::Error::other)?;
        let from = offset.min(self.size);
        let to = from.saturating_add(most).min(self.size);
        if to > self.fails_behind {
            return Err(io::Error::other("the disk is broken"));
        }
        self.read.send_modify(|read| *read += to - from);
        Ok(content(from, to))
    }
}

/// A progress bar that keeps what it was told, and when.
#[derive(Default)]
pub struct Bar {
    held: Mutex<Vec<u64>>,
    stored: Mutex<Vec<(Instant, u64)>>,
}

impl Bar {
    /// Expects to have been told of the whole file at this time.
    pub fn stored_once(&self, size: u64, at: Instant) -> Verdict {
        let stored = locked(&self.stored);
        count(stored.len(), "times that 100 % was reported").is(1)?;
        stored.iter().try_for_each(|(then, bytes)| {
            let early = at.saturating_duration_since(*then);
            ensure(early.is_zero(), || {
                format!(
                    "100 % was reported {} before the file was stored",
                    seconds(early)
                )
            })?;
            ensure(*bytes == size, || {
                format!("100 % was reported as {bytes} bytes of {size}")
            })
        })
    }

    /// Expects not to have been told that the file is stored.
    pub fn has_not_stored(&self) -> Verdict {
        count(
            locked(&self.stored).len(),
            "times that 100 % was reported, and the file is not stored",
        )
        .is(0)
    }

    /// Expects to have been told these, in this order.
    pub fn has_held(&self, told: &[u64]) -> Verdict {
        let held = locked(&self.held);
        ensure(*held == told, || {
            format!("the server said that it holds {told:?}, and {held:?} was reported")
        })
    }
}

impl Progress for Bar {
    fn held(&self, bytes: u64) {
        locked(&self.held).push(bytes);
    }

    fn stored(&self, bytes: u64) {
        locked(&self.stored).push((Instant::now(), bytes));
    }
}

fn locked<T>(list: &Mutex<Vec<T>>) -> MutexGuard<'_, Vec<T>> {
    // A push that panics leaves the list as it was.
    list.lock().unwrap_or_else(PoisonError::into_inner)
}
