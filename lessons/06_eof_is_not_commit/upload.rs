//! A file that is being received, as all servers of this lesson do it.

use sha2::{Digest as _, Sha256};
use tonic::Status;
use workbook::proto::files::{FileChunk, Finish, UploadResponse};

use super::store::{Partial, Store};

/// What has arrived of a file. Dropping it before the commit removes the partial file, when the
/// handler returns an error and when tonic drops the handler because the client has cancelled.
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
    /// Begins a file with the name in the first chunk.
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
    /// Checks that what has arrived is what the client has sent.
    pub fn verify(&self, finish: &Finish) -> Result<(), Status> {
        if finish.chunks != self.chunks {
            return Err(Status::data_loss(
                "finish.chunks is not the number of chunks received",
            ));
        }
        // The count shows that no chunk is missing. Only the digest shows that no byte differs.
        if finish.sha256[..] != self.digest.clone().finalize()[..] {
            return Err(Status::data_loss(
                "finish.sha256 is not the digest of the data received",
            ));
        }
        Ok(())
    }
    // ANCHOR_END: verify

    /// Gives the file its name, and returns the receipt.
    pub fn commit(self) -> Result<UploadResponse, Status> {
        self.partial.commit()?;
        Ok(UploadResponse {
            file_id: self.name.clone(),
            total_size: self.bytes,
            message: format!("chunks stored: {}", self.chunks),
        })
    }
}
