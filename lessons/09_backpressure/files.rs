//! `FileService.DownloadFile`: a file of so many chunks, made in one of several ways.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tonic::{Request, Response, Status, Streaming};
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::chunks::{Chunks, chunk};
use super::subject::SUBJECT;
use super::{broken, fixed};

/// What limits the task that makes the chunks.
#[derive(Debug, Clone)]
pub enum Producer {
    WithoutABound,
    WithABound,
    ByTheClock,
    Counted(Arc<AtomicUsize>),
    Mine,
}

/// Serves files. A file's id is its number of chunks.
pub struct Files {
    pub producer: Producer,
}

#[tonic::async_trait]
impl FileService for Files {
    type DownloadFileStream = Chunks;

    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Chunks>, Status> {
        let id = request.into_inner().file_id;
        let count: u16 = id
            .parse()
            .map_err(|_| Status::not_found("file_id is a number of chunks, at most 65535"))?;
        let file = (0..i32::from(count)).map(chunk);
        Ok(Response::new(match &self.producer {
            Producer::WithoutABound => broken::without_a_bound(file),
            Producer::WithABound => fixed::with_a_bound(file),
            Producer::ByTheClock => fixed::by_the_clock(file),
            Producer::Counted(made) => {
                let made = Arc::clone(made);
                fixed::with_a_bound(file.inspect(move |_| {
                    made.fetch_add(1, Ordering::Relaxed);
                }))
            }
            Producer::Mine => (SUBJECT.chunks)(Box::new(file)),
        }))
    }

    async fn upload_file(
        &self,
        _: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        Err(Status::unimplemented("lesson 06 serves UploadFile"))
    }
}
