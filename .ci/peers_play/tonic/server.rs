//! `FileService` and `ChatService`; a download ends in the way that its `file_id` names.

use std::future::pending;
use std::panic::resume_unwind;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

/// `Server::timeout`: bounds every handler here, and no stream that a handler has returned.
const TIMEOUT: Duration = Duration::from_millis(1500);

/// With its name and the status it makes more than the 16 KiB of headers that tonic and grpcio read. A
/// little less, and grpcio would refuse it at random: it has a soft limit below the hard one.
const LONG_TEXT: usize = 16_300;

/// A payload that makes the message longer than the limit of 4 MiB that all three have by default, and
/// that is longer than the four bytes by which the limits might differ.
const TOO_LONG: usize = 4 * 1024 * 1024 + 1024;

pub fn router() -> Router {
    Server::builder()
        .timeout(TIMEOUT)
        .add_service(FileServiceServer::new(Files))
        .add_service(ChatServiceServer::new(Echo))
}

struct Files;

/// Says that tonic has dropped the response stream.
struct Watched;

impl Drop for Watched {
    fn drop(&mut self) {
        info!("the response stream is dropped");
    }
}

fn chunk(number: i32) -> FileChunk {
    FileChunk {
        chunk_number: number,
        ..FileChunk::default()
    }
}

#[tonic::async_trait]
impl FileService for Files {
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let mut chunks = request.into_inner();
        while chunks.message().await?.is_some() {}
        Ok(Response::new(UploadResponse::default()))
    }

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        let end = request.into_inner().file_id;
        match end.as_str() {
            "handler_fails" => return Err(Status::invalid_argument("x".repeat(LONG_TEXT))),
            "handler_panics" => resume_unwind(Box::new("the handler is broken")),
            "handler_waits" | "deadline" => pending::<()>().await,
            "task_panics" => return Ok(Response::new(broken_task())),
            _ => {}
        }
        let last = stream::once(async move {
            match end.as_str() {
                "stream_fails" => Err(Status::data_loss("x".repeat(LONG_TEXT))),
                "stream_panics" => resume_unwind(Box::new("the stream is broken")),
                "too_long" => Ok(FileChunk {
                    data: vec![0; TOO_LONG],
                    ..chunk(3)
                }),
                // A stream that never ends, such as a feed in which nothing happens.
                _ => pending().await,
            }
        });
        let watched = Watched;
        let all = stream::iter((0..3).map(|number| Ok(chunk(number)))).chain(last);
        let all = all.map(move |item| {
            let _watched = &watched;
            item
        });
        Ok(Response::new(all.boxed()))
    }
}

/// The stream of a task that panics after a message.
fn broken_task() -> BoxStream<'static, Result<FileChunk, Status>> {
    let (items, taken) = mpsc::channel(1);
    tokio::spawn(async move {
        let _ = items.send(Ok(chunk(0))).await;
        resume_unwind(Box::new("the task is broken"))
    });
    ReceiverStream::new(taken).boxed()
}

/// Returns its stream at once, so its headers leave before any message.
struct Echo;

#[tonic::async_trait]
impl ChatService for Echo {
    type ChatStream = Streaming<ChatMessage>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}
