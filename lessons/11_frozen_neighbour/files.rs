//! A service with long streams, and one with short calls.

use futures::stream::{self, BoxStream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};
use workbook::proto::greeter::greeter_service_server::GreeterService;
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};

/// Bytes in a chunk: large, so that a few frames fill a window.
const CHUNK: usize = 16 * 1024;

/// Serves files. A file's id is its number of chunks.
pub struct Files;

/// Greets.
pub struct Greeter;

#[tonic::async_trait]
impl FileService for Files {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        let id = request.into_inner().file_id;
        let count: u16 = id
            .parse()
            .map_err(|_| Status::not_found("file_id is a number of chunks, at most 65535"))?;
        let chunks = stream::iter(0..i32::from(count)).map(|chunk_number| {
            Ok(FileChunk {
                data: vec![0; CHUNK],
                chunk_number,
                ..FileChunk::default()
            })
        });
        Ok(Response::new(chunks.boxed()))
    }

    async fn upload_file(
        &self,
        _: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        Err(Status::unimplemented("lesson 06 serves UploadFile"))
    }
}

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        info!(name, "greets {name}");
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
