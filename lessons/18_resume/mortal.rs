//! A program that dies while it works, and is started again.

use std::time::Duration;

use tokio::time::timeout;
use tonic::Status;
use tracing::info;
use workbook::proto::events::Event;
use workbook::{Network, Outcome};

use super::account::Disk;
use super::follow::Follower;
use super::following::{SEED, follower};
use super::jitter::Jitter;

/// How long a program lives: it dies while it works on its eighth event, which comes after 160 ms.
const LIFE: Duration = Duration::from_millis(167);

// ANCHOR: dies
/// A program that books events, dies, and is started again.
pub async fn dies(
    network: Network,
    works: impl AsyncFn(&mut Follower<Event>, &Disk) -> Result<(), Status>,
) -> Outcome {
    let disk = Disk::default();
    let mut events = follower(&network, 1, Jitter::new(SEED)).await?;
    let done = timeout(LIFE, works(&mut events, &disk)).await;
    drop(events);
    let noted = disk.stored().noted;
    let booked = disk.stored().account.last;
    if done.is_err() {
        info!(noted, booked, "dies: {booked} is booked, {noted} is noted");
    }
    info!("starts again, from {}", noted + 1);
    let mut events = follower(&network, noted + 1, Jitter::new(SEED)).await?;
    works(&mut events, &disk).await?;
    disk.stored().account.log();
    Ok(())
}
// ANCHOR_END: dies
