//! The server of the exercise: it counts the chunks that it makes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Code, Request, Response, Status, Streaming};
use workbook::grade::status_with_details;
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};
use workbook::proto::greeter::greeter_service_server::{GreeterService, GreeterServiceServer};
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};

/// Bytes in a chunk.
pub const CHUNK: usize = 16 * 1024;

/// The name, and the file, that this server refuses.
pub const REFUSED: &str = "";

/// The name, and the file, with whose answer it waits.
pub const LATE: &str = "late";

/// For so long.
const WAITS: Duration = Duration::from_secs(30 * 60);

/// And for which it takes as long to refuse.
pub const REFUSED_LATE: &str = "refused late";

/// The server. `made` counts the chunks of all files.
pub fn router(made: &Arc<AtomicUsize>) -> Router {
    let made = Arc::clone(made);
    Server::builder()
        .add_service(FileServiceServer::new(Files { made }))
        .add_service(GreeterServiceServer::new(Greeter))
}

/// The status of a call that is refused.
pub fn refusal() -> Status {
    status_with_details(Code::InvalidArgument, "a name, please")
}

async fn is_accepted(name: &str) -> Result<(), Status> {
    match name {
        REFUSED => Err(refusal()),
        LATE => {
            sleep(WAITS).await;
            Ok(())
        }
        REFUSED_LATE => {
            sleep(WAITS).await;
            Err(refusal())
        }
        _ => Ok(()),
    }
}

struct Files {
    made: Arc<AtomicUsize>,
}

struct Greeter;

#[tonic::async_trait]
impl FileService for Files {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        let id = request.into_inner().file_id;
        is_accepted(&id).await?;
        let count: i32 = id
            .parse()
            .map_err(|_| Status::not_found(format!("no file {id:?}")))?;
        let made = Arc::clone(&self.made);
        let chunks = stream::iter(0..count).map(move |chunk_number| {
            made.fetch_add(1, Ordering::Relaxed);
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
        Err(Status::unimplemented("not part of this exercise"))
    }
}

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        is_accepted(&name).await?;
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
