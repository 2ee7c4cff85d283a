//! `FileService.UploadFile`, with one of three rules for when a file is complete.

use std::sync::Arc;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::store::Store;
use super::{broken, fixed};

/// When a file is committed.
#[derive(Debug, Clone, Copy)]
pub enum Commit {
    /// When the request stream ends.
    AtNone,
    /// When it ends, and tonic has not dropped the handler after one more poll.
    BehindAFence,
    /// When the client's final message has arrived.
    OnFinish,
}

/// Stores files.
pub struct Files {
    pub store: Arc<Store>,
    pub commit: Commit,
}

#[tonic::async_trait]
impl FileService for Files {
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let chunks = request.into_inner();
        let received = match self.commit {
            Commit::AtNone => broken::commit_at_none(&self.store, chunks).await,
            Commit::BehindAFence => broken::commit_behind_a_fence(&self.store, chunks).await,
            Commit::OnFinish => fixed::commit_on_finish(&self.store, chunks).await,
        };
        let stored = received.inspect_err(|status| {
            let code = status.code();
            info!(?code, "stores nothing: {code:?}");
        });
        stored.map(Response::new)
    }

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("lesson 09 serves DownloadFile"))
    }
}
