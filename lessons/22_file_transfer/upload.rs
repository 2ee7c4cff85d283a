//! A file that is being received: by the server of a Put, or by the client of a Get.

use std::io;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use tonic::Status;
use workbook::proto::files::{End, Piece};

use super::claims::Claim;
use super::disk::{Disk, Reading};
use super::names::check_name;
use super::store::Store;

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// What is held of a file. Dropping it leaves the partial file, for the call that goes on.
pub struct Upload {
    store: Arc<Store>,
    claim: Arc<Claim>,
    name: String,
    part: String,
    held: u64,
    synced: u64,
    digest: Sha256,
}

impl Upload {
    // ANCHOR: open
    /// Claims the file, and reads what earlier calls have left of it.
    pub async fn open(store: &Arc<Store>, name: &str) -> Result<Self, Status> {
        check_name(name).map_err(|why| Status::invalid_argument(format!("the name {why}")))?;
        let claim = store.claim(name).await?;
        // No complete file has a name that begins with a dot.
        let part = format!(".{name}.part");
        let of_call = (Arc::clone(&claim), part.clone());
        let (held, digest) = store
            .on_disk(move |disk| {
                let (_claim, part) = of_call;
                if disk.length(&part)?.is_none() {
                    return Ok((0, Sha256::new()));
                }
                // An earlier process may have written bytes and not synced them. What this one
                // answers for must be on the disk.
                disk.sync(&part)?;
                let file = disk.open(&part)?;
                let held = file.length()?;
                Ok((held, digest_of(&*file, held)?))
            })
            .await?;
        Ok(Self {
            store: Arc::clone(store),
            claim,
            name: name.to_owned(),
            part,
            held,
            synced: held,
            digest,
        })
    }
    // ANCHOR_END: open

    /// How many bytes are held.
    pub fn held(&self) -> u64 {
        self.held
    }

    /// Resolves when another call wants to write the file.
    pub fn superseded(&self) -> impl Future<Output = ()> + use<> {
        let claim = Arc::clone(&self.claim);
        async move { claim.superseded().await }
    }

    // ANCHOR: append
    /// Adds a piece. Returns how many bytes are on the disk, when they have just been synced.
    pub async fn append(&mut self, piece: Piece) -> Result<Option<u64>, Status> {
        let Piece { offset, data } = piece;
        if offset != self.held {
            let held = self.held;
            return Err(Status::out_of_range(format!(
                "the piece begins at {offset}, and {held} bytes are held"
            )));
        }
        let length = u64::try_from(data.len()).unwrap_or(u64::MAX);
        let held = self.held.saturating_add(length);
        if held > self.store.settings.longest {
            self.discard().await?;
            return Err(Status::failed_precondition(
                "the file is longer than this store accepts; it is discarded",
            ));
        }
        self.digest.update(&data);
        let is_due = held - self.synced >= self.store.settings.sync_every;
        let part = self.part.clone();
        self.on_disk(move |disk| {
            disk.append(&part, offset, &data)?;
            if is_due { disk.sync(&part) } else { Ok(()) }
        })
        .await?;
        self.held = held;
        if !is_due {
            return Ok(None);
        }
        self.synced = held;
        Ok(Some(held))
    }
    // ANCHOR_END: append

    // ANCHOR: finish
    /// Stores the file under its name, if it is the one that was sent.
    pub async fn finish(self, sent: &End) -> Result<End, Status> {
        let sha256 = self.digest.clone().finalize().to_vec();
        if (sent.size, &sent.sha256) != (self.held, &sha256) {
            // Kept, it would fail every later call in the same way.
            self.discard().await?;
            return Err(Status::data_loss(
                "what is held is not what was sent; it is discarded",
            ));
        }
        let (part, name) = (self.part.clone(), self.name.clone());
        let (commit, is_empty) = (self.store.settings.commit, self.held == 0);
        self.on_disk(move |disk| {
            if is_empty {
                disk.append(&part, 0, &[])?;
            }
            commit(disk, &part, &name)
        })
        .await?;
        let size = self.held;
        Ok(End { size, sha256 })
    }
    // ANCHOR_END: finish

    /// Removes the partial file.
    pub async fn discard(&self) -> Result<(), Status> {
        let part = self.part.clone();
        self.on_disk(move |disk| disk.remove(&part)).await
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Disk) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Status> {
        let claim = Arc::clone(&self.claim);
        let work = move |disk: &dyn Disk| {
            let _claim = claim;
            work(disk)
        };
        self.store.on_disk(work).await
    }
}

/// The digest of a file's first bytes.
pub fn digest_of(file: &dyn Reading, bytes: u64) -> io::Result<Sha256> {
    let mut digest = Sha256::new();
    let mut read = 0;
    while read < bytes {
        let most = usize::try_from(bytes - read).unwrap_or(BLOCK).min(BLOCK);
        let block = file.read(read, most)?;
        if block.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        read += u64::try_from(block.len()).map_err(io::Error::other)?;
        digest.update(&block);
    }
    Ok(digest)
}
