//! The stall detector: it ends what will never end by itself.
//!
//! On a paused clock a deadlock does not hang. The runtime finds nothing to run and moves the clock
//! to the next timer, which is the detector's. What it then says is read off the wire and the leak
//! meter.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, sleep};

use super::Lab;
use crate::run::Stall;

/// How long silence lasts before it is a stall, unless a scene or an expectation says otherwise.
pub const SILENCE: Duration = Duration::from_secs(60 * 60);

/// How often the detector looks up during the silence; a look costs one turn of the runtime.
const LOOKS: u32 = 60;

/// How often the runtime may run out of work during a silence. A lone ticker keeps the clock busy
/// for ever, and this is how it is told from a program that waits for something rare.
const MAX_PARKS: u64 = 100_000;

/// When something last happened: a frame, a line of narration, or a sleep of the scene itself, which
/// may be in the future.
#[derive(Clone, Default)]
pub(super) struct Pulse(Arc<Mutex<Option<Instant>>>);

impl Pulse {
    pub(super) fn beat(&self) {
        self.until(Instant::now());
    }

    fn until(&self, instant: Instant) {
        let mut last = self.lock();
        *last = (*last).max(Some(instant));
    }

    fn last(&self) -> Option<Instant> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lab {
    /// Waits for `work`, but no longer than until nothing has happened for `silence`: no frame, no
    /// line, no end of a task, and no [`Lab::sleep`].
    ///
    /// ```
    /// use streaming_lab::lab::{Lab, SILENCE};
    /// use tonic_health::pb::HealthCheckRequest;
    /// use tonic_health::pb::health_client::HealthClient;
    /// # let (_reporter, health) = tonic_health::server::health_reporter();
    /// # let router = tonic::transport::Server::builder().add_service(health);
    ///
    /// Lab::new().run(async |lab| {
    ///     lab.serve(router);
    ///     let mut client = HealthClient::new(lab.channel().await?);
    ///     let watch = client.watch(HealthCheckRequest::default()).await?;
    ///     let mut statuses = watch.into_inner();
    ///     assert!(statuses.message().await?.is_some());
    ///
    ///     // Nothing changes, so there is no second status. On the real clock this would hang.
    ///     let Err(stall) = lab.until_silent(SILENCE, statuses.message()).await else {
    ///         return Err("a second status came".into());
    ///     };
    ///     // It says which call is open, and what each side has sent on it.
    ///     assert!(stall.to_string().contains("Health/Watch"), "{stall}");
    ///     Ok::<_, Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`Stall`] when it was silent for so long first. The work is dropped then.
    pub async fn until_silent<T>(
        &self,
        silence: Duration,
        work: impl Future<Output = T>,
    ) -> Result<T, Stall> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            stall = self.stalled(silence) => Err(stall),
        }
    }

    /// Lets virtual time pass: for scenes and checks. The silence meanwhile is no stall.
    pub async fn sleep(&self, duration: Duration) {
        self.pulse.until(Instant::now() + duration);
        sleep(duration).await;
    }

    async fn stalled(&self, silence: Duration) -> Stall {
        let mut since = Instant::now();
        let (mut tasks, mut parks) = (tasks_alive(), parks());
        loop {
            let quiet = since.elapsed();
            let ticking = self::parks().saturating_sub(parks) > MAX_PARKS;
            if ticking || quiet >= silence {
                return Stall {
                    lasted: quiet,
                    ticking,
                    open_calls: self.open_calls(),
                    alive: self.meter().census(),
                };
            }
            // While the scene itself sleeps, `since` is in the future.
            let wait = since.saturating_duration_since(Instant::now());
            sleep(wait + (silence / LOOKS).min(silence.saturating_sub(quiet))).await;

            // A task that ended is life, too; the runtime does not say when, only that.
            let ended = tasks_alive() != tasks;
            let latest = if ended {
                Some(Instant::now()).max(self.pulse.last())
            } else {
                self.pulse.last()
            };
            if let Some(latest) = latest.filter(|latest| *latest > since) {
                (since, tasks, parks) = (latest, tasks_alive(), self::parks());
            }
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
