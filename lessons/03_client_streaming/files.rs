//! `FileService.UploadFile`: counts the chunks and bytes of a file, and stores nothing.

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

/// Counts the chunks and bytes of each file.
pub struct Files {
    /// The largest file that is accepted, in bytes.
    pub most_bytes: usize,
}

#[tonic::async_trait]
impl FileService for Files {
    // ANCHOR: upload
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let mut chunks = request.into_inner();
        let mut file = File::default();
        while let Some(chunk) = chunks.message().await? {
            let (number, bytes) = (chunk.chunk_number, chunk.data.len());
            info!(chunk = number, bytes, "chunk {number}: {bytes} bytes");
            // An error ends the call at once, even if the client has more chunks to send.
            file.append(chunk, self.most_bytes)?;
        }
        Ok(Response::new(file.receipt()?))
    }
    // ANCHOR_END: upload

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("lesson 09 serves DownloadFile"))
    }
}

/// What has arrived of a file.
#[derive(Default)]
struct File {
    name: Option<String>,
    bytes: usize,
    chunks: i32,
}

impl File {
    fn append(&mut self, chunk: FileChunk, most_bytes: usize) -> Result<(), Status> {
        if chunk.file_name.is_empty() {
            return Err(Status::invalid_argument("file_name must not be empty"));
        }
        if self.name.get_or_insert_with(|| chunk.file_name.clone()) != &chunk.file_name {
            return Err(Status::invalid_argument(
                "file_name must be the same in every chunk",
            ));
        }
        if chunk.chunk_number != self.chunks {
            return Err(Status::invalid_argument(format!(
                "chunk_number is {}, expected {}",
                chunk.chunk_number, self.chunks
            )));
        }
        let too_many = || Status::out_of_range("more chunks than chunk_number can count");
        self.chunks = self.chunks.checked_add(1).ok_or_else(too_many)?;
        self.bytes += chunk.data.len();
        if self.bytes > most_bytes {
            return Err(Status::invalid_argument(format!(
                "the file is larger than {most_bytes} bytes"
            )));
        }
        Ok(())
    }

    fn receipt(self) -> Result<UploadResponse, Status> {
        let name = self
            .name
            .ok_or_else(|| Status::invalid_argument("there was no chunk"))?;
        Ok(UploadResponse {
            file_id: name,
            total_size: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            message: format!("chunks received: {}", self.chunks),
        })
    }
}
