//! `FileService.DownloadFile`: one file, in chunks of the size that the client names.

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::files::file_service_server::FileService;
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::times::FILE;

/// The largest chunk, in bytes: a message has to stay below tonic's limit of 4 MiB.
const LARGEST: usize = 1024 * 1024;

/// Serves a file of [`FILE`] zeros. Its id is the size of the chunks in bytes.
pub struct Files;

#[tonic::async_trait]
impl FileService for Files {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        let id = request.into_inner().file_id;
        let size = id
            .parse()
            .ok()
            .filter(|size| (1..=LARGEST).contains(size))
            .ok_or_else(|| Status::not_found("file_id is a size of chunks, at most 1048576"))?;
        // Each chunk is made when tonic asks for it, so a client that does not read keeps no more of
        // them in memory than its window and tonic's buffer hold.
        let sizes = (0..FILE).step_by(size).map(move |at| size.min(FILE - at));
        let chunks = (0..).zip(sizes).map(|(chunk_number, length)| {
            Ok(FileChunk {
                data: vec![0; length],
                chunk_number,
                ..FileChunk::default()
            })
        });
        Ok(Response::new(stream::iter(chunks).boxed()))
    }

    async fn upload_file(
        &self,
        _: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        Err(Status::unimplemented("lesson 06 serves UploadFile"))
    }
}
