//! Exercise 06: an upload that is stored whole, or not at all.
//!
//! The client sends one chunk or more, and then a message that holds `finish` and no data: how many
//! chunks there were, and the SHA-256 digest of their data. The first chunk names the file; what later
//! chunks say of the name does not matter. Chunks may be of any size, also empty. They arrive in order,
//! so do not rely on their numbers. A file may be larger than the memory, so write each chunk when it
//! arrives.
//! - When `finish` has arrived, answer, even if the client keeps its half of the call open. If count and
//!   digest are right, store the file, and return its name in `file_id` and its length in `total_size`.
//!   What comes after `finish` is not part of the file. Storing the same file twice is not an error.
//! - In every other case fail, and leave nothing behind when you answer: no file, no partial file. An
//!   older file of that name stays as it was. The client may cancel, crash or lose its connection at any
//!   point before `finish`, the store may be full, and a server's timeout drops your handler at any
//!   `.await`.
//! - Uploads may be slow, with days between two messages. They may run at the same time, also two of
//!   the same name.
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
        todo!("store what arrives, once finish is there and right")
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
