//! The fix: a bounded channel, so that the producer has to wait for the reader.

use std::time::Duration;

use tokio::sync::mpsc::{self, Permit, Sender};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tracing::info;
use workbook::proto::files::FileChunk;

use super::chunks::{Chunks, Item, READER_STALLED_AFTER, sent_by};

/// Chunks that may wait for the connection: enough that the connection need not wait for the producer.
const WAITING: usize = 4;

/// The ticker's pace: 100 chunks a second.
const TICK: Duration = Duration::from_millis(10);

// ANCHOR: with_a_bound
/// Makes a chunk when the channel has room for it.
///
/// The price is that the producer waits. It is the wrong fix where the producer must not wait, as with
/// prices that are out of date when they are late: there you have to decide what to drop, and tell the
/// reader that something is missing.
pub fn with_a_bound(mut file: impl Iterator<Item = FileChunk> + Send + 'static) -> Chunks {
    let (chunks, queue) = mpsc::channel(WAITING);
    // Ends with the file, or when `queue` is dropped because the client has disconnected.
    let task = tokio::spawn(async move {
        let mut made = 0;
        while let Some(permit) = reserve(&chunks, made).await {
            let Some(chunk) = file.next() else { return };
            made += 1;
            permit.send(Ok(chunk));
        }
    });
    sent_by(task, queue)
}

/// Waits for room in the channel. None means that the client has disconnected.
async fn reserve(chunks: &Sender<Item>, made: usize) -> Option<Permit<'_, Item>> {
    if let Ok(permit) = timeout(READER_STALLED_AFTER, chunks.reserve()).await {
        return permit.ok();
    }
    info!(made, "made {made}: waits");
    chunks.reserve().await.ok()
}
// ANCHOR_END: with_a_bound

// ANCHOR: by_the_clock
/// Makes a chunk at every tick, if the channel has room for it.
///
/// The ticker limits how fast chunks are made. How many wait is still limited by the channel.
pub fn by_the_clock(mut file: impl Iterator<Item = FileChunk> + Send + 'static) -> Chunks {
    let (chunks, queue) = mpsc::channel(WAITING);
    let task = tokio::spawn(async move {
        let mut ticks = interval(TICK);
        // After a wait it goes on at the ticker's pace. The default would send all missed ticks at once.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut made = 0;
        loop {
            ticks.tick().await;
            let Some(permit) = reserve(&chunks, made).await else {
                return;
            };
            let Some(chunk) = file.next() else { return };
            made += 1;
            permit.send(Ok(chunk));
        }
    });
    sent_by(task, queue)
}
// ANCHOR_END: by_the_clock
