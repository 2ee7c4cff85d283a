//! The bell: it rings when nothing happens any more.
//!
//! On a paused clock a deadlock does not hang. The runtime finds nothing to run and moves the clock
//! to the next timer, which is the bell's. What it then says is read off the wire and the leak
//! meter.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use super::{Lab, meter::Census};

/// Silence after which the bell rings.
pub const SILENCE: Duration = Duration::from_secs(60 * 60);

/// How often the bell looks up during the silence; a look costs one turn of the runtime.
const LOOKS: u32 = 60;

/// How often the runtime may run out of work during a silence. A lone ticker keeps the clock busy
/// for ever, and this is how it is told from a program that waits for something rare.
const MAX_PARKS: u64 = 100_000;

/// When something last happened: a frame, a line of narration.
#[derive(Clone, Default)]
pub(super) struct Pulse(Arc<Mutex<Option<Instant>>>);

impl Pulse {
    pub(super) fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn last(&self) -> Option<Instant> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Nothing happened for so long that nothing will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silence {
    /// How long nothing happened, in virtual time.
    pub lasted: Duration,
    /// Whether timers kept firing all the while.
    pub ticking: bool,
    /// Each call that is still open, as the wire shows it.
    pub open_calls: Vec<String>,
    /// What is still alive.
    pub alive: Census,
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing for {} of virtual time", Span(self.lasted))?;
        if self.ticking {
            write!(f, " but a timer that keeps firing")?;
        }
        match self.open_calls.as_slice() {
            [] => write!(f, ": no call is open, {}", self.alive),
            calls => write!(f, ": {}", calls.join("; ")),
        }
    }
}

/// "1 h 00 min", "2 min 05 s", "0.250 s"
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            0..60 => write!(f, "{}.{:03} s", seconds, self.0.subsec_millis()),
            60..3600 => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
            _ => write!(f, "{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
        }
    }
}

impl Lab {
    /// Waits for `work`, but no longer than until nothing has happened for `silence`.
    ///
    /// # Errors
    /// [`Silence`] when the bell rang first. The work is dropped then.
    pub async fn until_silent<T>(
        &self,
        silence: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Silence> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            rang = self.bell(silence) => Err(rang),
        }
    }

    async fn bell(&self, silence: Duration) -> Silence {
        let mut since = Instant::now();
        let (mut tasks, mut parks) = (tasks_alive(), parks());
        loop {
            let quiet = since.elapsed();
            let ticking = self::parks().saturating_sub(parks) > MAX_PARKS;
            if ticking || quiet >= silence {
                return self.silence(quiet, ticking);
            }
            sleep((silence / LOOKS).min(silence.saturating_sub(quiet))).await;

            // A task that ended is life, too; the runtime does not say when, only that.
            let ended = tasks_alive() != tasks;
            let latest = if ended {
                Some(Instant::now())
            } else {
                self.pulse.last()
            };
            if let Some(latest) = latest.filter(|latest| *latest > since) {
                (since, tasks, parks) = (latest, tasks_alive(), self::parks());
            }
        }
    }

    /// What the bell says if it rings now.
    fn silence(&self, lasted: Duration, ticking: bool) -> Silence {
        Silence {
            lasted,
            ticking,
            open_calls: self.open_calls(),
            alive: self.meter().census(),
        }
    }
}

fn tasks_alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// How often the one thread of the runtime has run out of work.
fn parks() -> u64 {
    Handle::current().metrics().worker_park_count(0)
}
