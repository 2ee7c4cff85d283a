//! A server that records the chunks that arrive, and answers as a check says.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::BoxStream;
use tokio::time::{Instant, sleep};
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status, Streaming};
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::file::Progress;

/// When the server answers, and what.
#[derive(Debug, Clone)]
pub struct Answer {
    /// After so many chunks, even if more are to come; `None`: when the client has half-closed.
    after: Option<usize>,
    /// How long it waits before that.
    late: Duration,
    pub result: Result<UploadResponse, Status>,
}

impl Answer {
    pub fn at_the_end() -> Self {
        Self {
            after: None,
            late: Duration::ZERO,
            result: receipt(),
        }
    }

    pub fn after(chunks: usize) -> Self {
        Self {
            after: Some(chunks),
            ..Self::at_the_end()
        }
    }

    pub fn late(self, late: Duration) -> Self {
        Self { late, ..self }
    }

    pub fn with(self, status: &Status) -> Self {
        let result = Err(status.clone());
        Self { result, ..self }
    }
}

/// What the server answers unless it refuses.
pub fn receipt() -> Result<UploadResponse, Status> {
    Ok(UploadResponse {
        file_id: "file 7".to_owned(),
        total_size: 1 << 40,
        message: "thank you".to_owned(),
    })
}

/// A status with all that a status can carry.
pub fn refusal(code: Code) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("quota", tonic::metadata::MetadataValue::from_static("3"));
    Status::with_details_and_metadata(code, "that is enough", vec![1, 2, 3].into(), metadata)
}

/// What has happened at the server.
#[derive(Debug, Default)]
pub struct Seen {
    pub chunks: Vec<FileChunk>,
    /// When the first chunk came.
    pub first: Option<Instant>,
    /// When it answered, and how many chunks of the file had been read by then.
    pub answered: Option<(Instant, usize)>,
}

/// A server that records what arrives.
#[derive(Debug, Clone)]
pub struct Recorder {
    pub answer: Answer,
    pub progress: Progress,
    pub seen: Arc<Mutex<Seen>>,
}

impl Recorder {
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        // Each change is one push or one assignment, so even a poisoned lock guards whole records.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[tonic::async_trait]
impl FileService for Recorder {
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let mut chunks = request.into_inner();
        let mut count = 0;
        while self.answer.after.is_none_or(|enough| count < enough) {
            let Some(chunk) = chunks.message().await? else {
                break;
            };
            count += 1;
            let mut seen = self.seen();
            seen.first.get_or_insert_with(Instant::now);
            seen.chunks.push(chunk);
        }
        if !self.answer.late.is_zero() {
            sleep(self.answer.late).await;
        }
        self.seen().answered = Some((Instant::now(), self.progress.chunks()));
        self.answer.result.clone().map(Response::new)
    }

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
