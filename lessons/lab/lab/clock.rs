//! Virtual time since the run began.

use std::sync::{Arc, Mutex};

use tokio::time::Instant;

use super::lock;
use crate::run::{Event, What};

/// When the run began.
#[derive(Clone, Default)]
pub(super) struct Clock(Arc<Mutex<Option<Instant>>>);

impl Clock {
    pub(super) fn start(&self) {
        *lock(&self.0) = Some(Instant::now());
    }

    /// The event of that kind, now.
    pub(super) fn event(&self, what: What) -> Event {
        let at = lock(&self.0).map(|began| began.elapsed());
        Event {
            at: at.unwrap_or_default(),
            what,
        }
    }
}
