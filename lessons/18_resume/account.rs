//! An account that books events, a position that is noted on disk, and a program that dies between the two.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::sleep;
use tonic::Status;
use workbook::proto::events::Event;

use super::follow::Follower;
use super::received::Received;

/// How long a write to the disk takes.
const WRITE: Duration = Duration::from_millis(5);

/// What outlives the program: the account, and the number of the last event that was noted.
#[derive(Debug, Default)]
pub struct Disk(Mutex<Stored>);

#[derive(Debug, Default)]
pub struct Stored {
    pub account: Received,
    pub noted: u64,
}

impl Disk {
    async fn write(&self, change: impl FnOnce(&mut Stored)) {
        sleep(WRITE).await;
        change(&mut self.stored());
    }

    pub fn stored(&self) -> MutexGuard<'_, Stored> {
        // Nothing that holds the lock can leave the account half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// ANCHOR: early
/// Wrong: notes the position first. An event that is noted and not booked is lost.
pub async fn note_early(events: &mut Follower<Event>, disk: &Disk) -> Result<(), Status> {
    while let Some(event) = events.next().await? {
        disk.write(|stored| stored.noted = event.number).await;
        disk.write(|stored| stored.account.add(&event)).await;
    }
    Ok(())
}
// ANCHOR_END: early

// ANCHOR: late
/// Notes the position last. An event that is booked and not noted is booked again, so this is right only
/// where booking twice does no harm.
pub async fn note_late(events: &mut Follower<Event>, disk: &Disk) -> Result<(), Status> {
    while let Some(event) = events.next().await? {
        disk.write(|stored| stored.account.add(&event)).await;
        disk.write(|stored| stored.noted = event.number).await;
    }
    Ok(())
}
// ANCHOR_END: late

// ANCHOR: together
/// Books and notes in one write, as one transaction of a database: both happen, or neither.
pub async fn note_together(events: &mut Follower<Event>, disk: &Disk) -> Result<(), Status> {
    while let Some(event) = events.next().await? {
        disk.write(|stored| {
            stored.account.add(&event);
            stored.noted = event.number;
        })
        .await;
    }
    Ok(())
}
// ANCHOR_END: together
