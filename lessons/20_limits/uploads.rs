//! Uploads that are not read, and the windows that decide what they stop.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::BoxStream;
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;

use super::market::Greeter;

// ANCHOR: windows
/// How many uploads may be open on this server.
const UPLOADS: u16 = 4;
/// What a client may send on one stream before the handler reads, in bytes. An upload then moves at most
/// one window in a round trip: at 20 ms that is 12.8 MB a second.
const STREAM_WINDOW: u32 = 256 * 1024;
/// With every upload unread there is room for one window more, which is for the short calls.
const CONNECTION_WINDOW: u32 = STREAM_WINDOW * (UPLOADS as u32 + 1);

/// A connection's window has room for all uploads that are admitted.
pub fn with_room() -> Router {
    Server::builder()
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .add_service(FileServiceServer::new(Files::admitting(UPLOADS.into())))
        .add_service(GreeterServiceServer::new(Greeter))
}
// ANCHOR_END: windows

// ANCHOR: defaults
/// Wrong beside short calls: tonic gives a stream as much window as its connection has.
pub fn with_defaults() -> Router {
    Server::builder()
        .add_service(FileServiceServer::new(Files::admitting(
            Semaphore::MAX_PERMITS,
        )))
        .add_service(GreeterServiceServer::new(Greeter))
}
// ANCHOR_END: defaults

/// Until the disk takes a file. The handler does not read before.
const DISK: Duration = Duration::from_secs(20);

struct Files(Arc<Semaphore>);

impl Files {
    fn admitting(uploads: usize) -> Self {
        Self(Arc::new(Semaphore::new(uploads)))
    }
}

#[tonic::async_trait]
impl FileService for Files {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        // The handler lives as long as an upload does, so the permit may be its own.
        let _permit = self
            .0
            .try_acquire()
            .map_err(|_| Status::resource_exhausted("too many uploads are open"))?;
        info!("an upload waits for the disk");
        sleep(DISK).await;
        let mut chunks = request.into_inner();
        let mut total_size = 0;
        while let Some(chunk) = chunks.message().await? {
            total_size += i64::try_from(chunk.data.len()).unwrap_or(i64::MAX);
        }
        Ok(Response::new(UploadResponse {
            total_size,
            ..UploadResponse::default()
        }))
    }

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("lesson 11 serves DownloadFile"))
    }
}
