//! A file on its way in, as both servers of this lesson receive it.

use sha2::{Digest as _, Sha256};
use tonic::Status;
use workbook::proto::files::{FileChunk, Finish, UploadResponse};

use super::store::{Partial, Store};

/// What has arrived of a file. Dropped before it is committed, it leaves nothing behind: not when
/// the handler returns an error, and not when tonic drops the handler because the client has left.
pub struct Upload {
    partial: Partial,
    name: String,
    digest: Sha256,
    chunks: i32,
    bytes: i64,
}

// ANCHOR: drop
impl Drop for Upload {
    fn drop(&mut self) {
        self.partial.discard();
    }
}
// ANCHOR_END: drop

impl Upload {
    /// Begins with the name in the first chunk.
    pub fn begin(store: &Store, name: &str) -> Result<Self, Status> {
        Ok(Self {
            partial: store.create(name)?,
            name: name.to_owned(),
            digest: Sha256::new(),
            chunks: 0,
            bytes: 0,
        })
    }

    pub fn append(&mut self, chunk: &FileChunk) -> Result<(), Status> {
        self.partial.append(&chunk.data)?;
        self.digest.update(&chunk.data);
        self.chunks = self.chunks.saturating_add(1);
        self.bytes = self
            .bytes
            .saturating_add(i64::try_from(chunk.data.len()).unwrap_or(i64::MAX));
        Ok(())
    }

    /// How many chunks have arrived.
    pub fn chunks(&self) -> i32 {
        self.chunks
    }

    // ANCHOR: verify
    /// Whether what has arrived is what the client says it has sent.
    pub fn verify(&self, finish: &Finish) -> Result<(), Status> {
        if finish.chunks != self.chunks {
            return Err(Status::data_loss(
                "finish.chunks is not the number of chunks received",
            ));
        }
        // A count says that nothing is missing. Only the digest says that nothing is different.
        if finish.sha256[..] != self.digest.clone().finalize()[..] {
            return Err(Status::data_loss(
                "finish.sha256 is not the digest of the data received",
            ));
        }
        Ok(())
    }
    // ANCHOR_END: verify

    /// The file gets its name.
    pub fn commit(self) -> Result<UploadResponse, Status> {
        self.partial.commit()?;
        Ok(UploadResponse {
            file_id: self.name.clone(),
            total_size: self.bytes,
            message: format!("chunks stored: {}", self.chunks),
        })
    }
}
