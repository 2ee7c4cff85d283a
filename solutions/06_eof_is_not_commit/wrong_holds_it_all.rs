//! Wrong: keeps the file in memory until it is complete.

use std::sync::Arc;

use futures::stream::BoxStream;
use sha2::{Digest as _, Sha256};
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::store::{Partial, Store};

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
        let mut chunks = request.into_inner();
        let no_chunk = || Status::invalid_argument("there was no chunk");
        let first = chunks.message().await?.ok_or_else(no_chunk)?;
        if first.finish.is_some() {
            return Err(no_chunk());
        }
        let file_id = first.file_name.clone();
        let mut file = Guard(self.store.create(&file_id)?);
        let (mut digest, mut count, mut total_size) = (Sha256::new(), 0_i32, 0_i64);

        let mut held = Vec::new();
        let mut next = Some(first);
        while let Some(chunk) = next {
            if let Some(finish) = chunk.finish {
                if !chunk.data.is_empty() {
                    return Err(Status::invalid_argument("finish must come without data"));
                }
                if finish.chunks != count || finish.sha256[..] != digest.finalize()[..] {
                    return Err(Status::data_loss("finish does not match what was received"));
                }
                file.0.append(&held)?;
                file.0.commit()?;
                let message = format!("chunks stored: {count}");
                return Ok(Response::new(UploadResponse {
                    file_id,
                    total_size,
                    message,
                }));
            }
            held.extend(&chunk.data);
            digest.update(&chunk.data);
            count = count.saturating_add(1);
            total_size += i64::try_from(chunk.data.len()).unwrap_or(i64::MAX);
            next = chunks.message().await?;
        }
        Err(Status::aborted("the upload ended without its last message"))
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

/// A partial file that is removed when this is dropped: on every way out of the handler, and when
/// tonic drops the handler itself.
struct Guard(Partial);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.discard();
    }
}
