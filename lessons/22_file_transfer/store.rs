//! Files on a disk: what is being received, and what is complete.

use std::io;
use std::sync::Arc;

use tonic::Status;

use super::claims::{Claim, Claims, Rule};
use super::disk::Disk;

/// A disk, and the rules by which files are written to it.
pub struct Store {
    disk: Arc<dyn Disk>,
    claims: Arc<Claims>,
    pub settings: Settings,
}

/// How a partial file gets its name.
pub type Commit = fn(&dyn Disk, part: &str, name: &str) -> io::Result<()>;

/// The rules.
#[derive(Clone, Copy)]
pub struct Settings {
    /// The longest file, in bytes: it bounds what one upload takes of the disk.
    pub longest: u64,
    /// After so many new bytes they are synced, and the client is told.
    pub sync_every: u64,
    pub rule: Rule,
    pub commit: Commit,
}

impl Store {
    pub fn new(disk: Arc<dyn Disk>, settings: Settings) -> Self {
        Self {
            disk,
            claims: Arc::default(),
            settings,
        }
    }

    pub async fn claim(&self, name: &str) -> Result<Arc<Claim>, Status> {
        self.claims.claim(name, self.settings.rule).await
    }

    // ANCHOR: on_disk
    /// Does this with the disk. A slow disk gets a thread of its own, so that the other calls do not
    /// wait for it. That thread goes on when the call has been dropped, so what belongs to the call
    /// (its claim) is moved into `work`.
    pub async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Disk) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Status> {
        let disk = Arc::clone(&self.disk);
        let done = if disk.is_slow() {
            let work = tokio::task::spawn_blocking(move || work(&*disk));
            work.await
                .unwrap_or_else(|lost| Err(io::Error::other(lost)))
        } else {
            work(&*disk)
        };
        done.map_err(|error| cannot(&error))
    }
    // ANCHOR_END: on_disk
}

/// The details stay inside the server. A full disk is worth a code of its own, because the client can
/// go on when there is room again.
fn cannot(error: &io::Error) -> Status {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            Status::resource_exhausted("the disk is full; what is held stays")
        }
        io::ErrorKind::NotFound => Status::not_found("there is no such file"),
        _ => Status::internal("the disk cannot do that"),
    }
}
