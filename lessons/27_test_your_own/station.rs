//! What a service under test is built on, and what a test may look at: its source and its store.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::broadcast;
use tokio::time::sleep;
use tonic::Status;
use tracing::info;
use workbook::proto::stream::StreamPoint;

/// One item of a response stream.
pub type Item = Result<StreamPoint, Status>;
/// Points on their way to a client.
pub type Points = BoxStream<'static, Item>;

/// The time from one point to the next.
pub const PACE: Duration = Duration::from_millis(100);
/// How many points an upload may have. They are held until its last message has come.
pub const LARGEST_UPLOAD: usize = 1_000;
/// How many uploaded points are kept for subscribers that are behind: one whole upload, rounded up to a power
/// of two as `broadcast` does.
const KEPT: usize = 1_024;
/// After how many points a source logs what it has made: those of five minutes.
const LOGGED: usize = 3_000;

/// The source and the store of a service. Clones are the same ones.
#[derive(Clone)]
pub struct Station {
    made: Arc<AtomicUsize>,
    stored: Arc<Mutex<Vec<i32>>>,
    uploaded: broadcast::Sender<StreamPoint>,
}

impl Default for Station {
    fn default() -> Self {
        Self {
            made: Arc::default(),
            stored: Arc::default(),
            uploaded: broadcast::channel(KEPT).0,
        }
    }
}

impl Station {
    /// How many points its sources have made so far, for all calls.
    #[allow(
        dead_code,
        reason = "for the tests of the exercise, which may not use it"
    )]
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// The sum of each upload that has been stored.
    pub fn stored(&self) -> Vec<i32> {
        self.store().clone()
    }

    /// Stores an upload.
    pub fn keep(&self, sum: i32) {
        self.store().push(sum);
    }

    /// Gives a point that was uploaded to every subscriber; it never waits for one.
    pub fn publish(&self, point: StreamPoint) {
        // Fails when there is no subscriber, which is no error.
        let _ = self.uploaded.send(point);
    }

    /// What is uploaded from now on. A subscriber that has missed some is told.
    pub fn uploads(&self) -> Points {
        stream::unfold(self.uploaded.subscribe(), async |mut uploaded| {
            let item = match uploaded.recv().await {
                Ok(point) => Ok(point),
                Err(broadcast::error::RecvError::Closed) => return None,
                Err(broadcast::error::RecvError::Lagged(missing)) => {
                    Err(Status::data_loss(format!("{missing} points are missing")))
                }
            };
            Some((item, uploaded))
        })
        .boxed()
    }

    /// A source: points of that name, numbered from 1, at [`PACE`]. A positive `value` is how many there
    /// are; 0 means no end; and with a negative one the source breaks after so many.
    pub fn source(&self, name: String, value: i32) -> Points {
        let count = value.unsigned_abs() as usize;
        let breaks = value < 0;
        let made = Made::new(self.made.clone());
        let numbers = stream::unfold(made, move |mut made| async move {
            if value != 0 && made.here == count {
                return None;
            }
            if made.here > 0 {
                sleep(PACE).await;
            }
            Some((made.one_more(), made))
        });
        let points = numbers.map(move |value| {
            let name = name.clone();
            Ok(StreamPoint { name, value })
        });
        let broken = breaks.then(|| Err(Status::data_loss("the source has broken")));
        points.chain(stream::iter(broken)).boxed()
    }

    fn store(&self) -> std::sync::MutexGuard<'_, Vec<i32>> {
        // Nothing that holds the lock can leave the list half-changed.
        self.stored.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one source has made. It logs when it is dropped.
struct Made {
    all: Arc<AtomicUsize>,
    here: usize,
}

impl Made {
    fn new(all: Arc<AtomicUsize>) -> Self {
        Self { all, here: 0 }
    }

    /// Counts a point, and returns its number.
    fn one_more(&mut self) -> i32 {
        self.here += 1;
        self.all.fetch_add(1, Ordering::Relaxed);
        if self.here.is_multiple_of(LOGGED) {
            let made = self.here;
            info!(made, "the source has made {made} points");
        }
        i32::try_from(self.here).unwrap_or(i32::MAX)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        let made = self.here;
        info!(dropped_after = made, "the source is dropped after {made}");
    }
}
