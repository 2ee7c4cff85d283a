//! The cure: a channel with a bound, so that whoever makes has to wait for whoever reads.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::mpsc::{self, Permit, Sender};
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tracing::info;
use workbook::proto::files::FileChunk;

use super::files::{Chunks, Item};

/// Chunks that may wait for the connection. Enough that the connection need not wait for the maker.
const WAITING: usize = 4;

/// Whoever waits this long waits for the reader, not for its turn.
pub const A_WHILE: Duration = Duration::from_millis(100);

/// A clock's pace: 100 chunks a second.
const TICK: Duration = Duration::from_millis(10);

// ANCHOR: with_a_bound
/// Makes a chunk when there is room for it.
///
/// Costs that the maker waits. It is the wrong cure where it must not, as with prices that are old
/// when they are late: there something has to be dropped, and that wants a decision (lesson 16).
pub fn with_a_bound(mut file: impl Iterator<Item = FileChunk> + Send + 'static) -> Chunks {
    let (chunks, queue) = mpsc::channel(WAITING);
    // Ends with the file, or when `queue` is dropped because the client has left.
    tokio::spawn(async move {
        let mut made = 0;
        while let Some(room) = room(&chunks, made).await {
            let Some(chunk) = file.next() else { return };
            made += 1;
            room.send(Ok(chunk));
        }
    });
    ReceiverStream::new(queue).boxed()
}

/// Waits for room in the channel. None says that nobody reads any more.
async fn room(chunks: &Sender<Item>, made: usize) -> Option<Permit<'_, Item>> {
    if let Ok(room) = timeout(A_WHILE, chunks.reserve()).await {
        return room.ok();
    }
    info!("made {made}: waits");
    chunks.reserve().await.ok()
}
// ANCHOR_END: with_a_bound

// ANCHOR: by_the_clock
/// Makes a chunk at each tick, if there is room for it.
///
/// The clock limits how fast chunks are made, not how many wait: that is still the channel's part.
pub fn by_the_clock(mut file: impl Iterator<Item = FileChunk> + Send + 'static) -> Chunks {
    let (chunks, queue) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let mut ticks = interval(TICK);
        // After a wait go on at the clock's pace; the default makes up for every tick at once.
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut made = 0;
        loop {
            ticks.tick().await;
            let Some(room) = room(&chunks, made).await else {
                return;
            };
            let Some(chunk) = file.next() else { return };
            made += 1;
            room.send(Ok(chunk));
        }
    });
    ReceiverStream::new(queue).boxed()
}
// ANCHOR_END: by_the_clock
