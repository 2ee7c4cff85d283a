//! Counts what is alive, by its drop.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use futures::Stream;
use tokio::time::Instant;

/// Counts guards that are alive, and remembers when the last one was dropped.
#[derive(Debug, Clone, Default)]
pub struct Drops(Arc<Mutex<Counts>>);

#[derive(Debug, Default)]
struct Counts {
    made: usize,
    alive: usize,
    last: Option<Instant>,
}

impl Drops {
    /// Counts nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A guard, alive until it is dropped.
    #[must_use]
    pub fn guard(&self) -> Guard {
        self.with(|counts| {
            counts.made += 1;
            counts.alive += 1;
        });
        Guard(self.clone())
    }

    /// The stream with a guard in it: alive as long as the stream is held.
    pub fn guards<S: Stream + Unpin>(&self, stream: S) -> Guarded<S> {
        Guarded {
            stream,
            _guard: self.guard(),
        }
    }

    /// Guards made so far.
    #[must_use]
    pub fn made(&self) -> usize {
        self.with(|counts| counts.made)
    }

    /// Guards that are not dropped.
    #[must_use]
    pub fn alive(&self) -> usize {
        self.with(|counts| counts.alive)
    }

    /// When a guard was dropped last, in virtual time.
    #[must_use]
    pub fn last(&self) -> Option<Instant> {
        self.with(|counts| counts.last)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Counts) -> T) -> T {
        // Nothing that holds the lock can leave the numbers half-changed.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One that is counted.
#[derive(Debug)]
pub struct Guard(Drops);

impl Drop for Guard {
    fn drop(&mut self) {
        // Outside the runtime there is no virtual clock: an exercise may drop on a thread of its own.
        let now = tokio::runtime::Handle::try_current()
            .ok()
            .map(|_| Instant::now());
        self.0.with(|counts| {
            counts.alive -= 1;
            counts.last = now.or(counts.last);
        });
    }
}

/// A stream that is counted.
#[derive(Debug)]
pub struct Guarded<S> {
    stream: S,
    _guard: Guard,
}

impl<S: Stream + Unpin> Stream for Guarded<S> {
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        Pin::new(&mut self.stream).poll_next(cx)
    }
}
