//! Exercise 06: an upload that is stored whole, or not at all.
//!
//! The client sends chunks, and then a message that holds `finish` and nothing else: how many chunks
//! there were, and the SHA-256 digest of their data. The first chunk names the file. Chunks may be of
//! any size, and their numbers are not yours to trust: they come in order.
//! - When `finish` has come, answer; the client may keep its half of the call open. If count and digest
//!   are right, store the file: its name in `file_id`, its length in `total_size`. What comes after
//!   `finish` is no part of the file. The same file twice is no error.
//! - In every other case fail, and leave nothing behind: no file, no partial file. The client may
//!   hang up, die or break off at any point before `finish`, and a server's timeout drops your handler
//!   wherever it waits.
//! - Uploads may take their time, and run beside each other.
//!
//! Check it:     cargo run --bin lesson06 -- check
//! Try it:       cargo run --bin lesson06 -- serve --mine

use std::sync::Arc;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::store::Store;

/// The service. `self.store.create(name)` begins a partial file, which has `append`, `commit` and
/// `discard` (see `store.rs`). `sha2::Sha256` makes digests.
pub struct Files {
    /// Where the files go.
    pub store: Arc<Store>,
}

#[tonic::async_trait]
impl FileService for Files {
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let _ = (&self.store, request.into_inner());
        todo!("store what comes, if the client says that it is all")
    }

    // The rest of the service is not part of this exercise.

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
