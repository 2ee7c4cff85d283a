//! The server that is measured, in a process of its own: one port with TCP_NODELAY, and one without.

use std::error::Error;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codec::CompressionEncoding::Gzip;
use tonic::transport::Server;
use tonic::transport::server::{Router, TcpIncoming};
use tonic::{Request, Response, Status, Streaming};

use crate::proto::files::file_service_server::{FileService, FileServiceServer};
use crate::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};
use crate::proto::stream::point_service_server::{PointService, PointServiceServer};
use crate::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use crate::proto::stream::{PutRequest, PutResponse, StreamPoint, StreamRequest, StreamResponse};

/// The word that gives its streams small buffers.
pub const LEAN: &str = "lean";
/// The word that gives the server a runtime of one thread.
pub const ONE_THREAD: &str = "one-thread";
/// A Route whose metadata has this name is answered by a task with a queue; every other one by a stream.
pub const WITH_TASK: &str = "with-task";
/// A List whose point has this name sends its first message so much later.
pub const LATE: &str = "late";
const PAUSE: Duration = Duration::from_millis(5);
/// What the queue of such a task holds: the number that most examples have.
const QUEUE: usize = 16;
/// Chunks may have 4 MiB, and a message is a little larger.
pub const LARGEST_MESSAGE: usize = 8 * 1024 * 1024;

/// Serves until standard input ends, so that it never outlives the program that has started it.
pub async fn run(words: &[String]) -> Result<(), Box<dyn Error>> {
    let is_lean = words.iter().any(|word| word == LEAN);
    let (plain, nodelay) = (listen().await?, listen().await?);
    println!("{} {}", nodelay.local_addr()?, plain.local_addr()?);
    let with = TcpIncoming::from(nodelay).with_nodelay(Some(true));
    let without = TcpIncoming::from(plain).with_nodelay(Some(false));
    let mut rest = Vec::new();
    let mut input = tokio::io::stdin();
    tokio::select! {
        biased;
        _ = input.read_to_end(&mut rest) => {}
        served = router(is_lean).serve_with_incoming(with) => served?,
        served = router(is_lean).serve_with_incoming(without) => served?,
    }
    Ok(())
}

async fn listen() -> std::io::Result<TcpListener> {
    TcpListener::bind("127.0.0.1:0").await
}

fn router(is_lean: bool) -> Router {
    let files = FileServiceServer::new(Measured)
        .max_encoding_message_size(LARGEST_MESSAGE)
        .send_compressed(Gzip);
    let mut server = Server::builder();
    let streams = if is_lean {
        server.add_service(crate::lean::service())
    } else {
        server.add_service(StreamServiceServer::new(Measured))
    };
    streams
        .add_service(PointServiceServer::new(Measured))
        .add_service(files)
}

pub struct Measured;

pub type Responses = BoxStream<'static, Result<StreamResponse, Status>>;

fn echo(request: Result<StreamRequest, Status>) -> Result<StreamResponse, Status> {
    request.map(|request| StreamResponse { pt: request.pt })
}

#[tonic::async_trait]
impl StreamService for Measured {
    type ListStream = Responses;

    async fn list(&self, request: Request<StreamRequest>) -> Result<Response<Responses>, Status> {
        let point = request.into_inner().pt.unwrap_or_default();
        let response = |value| {
            let name = "point".to_owned();
            let pt = Some(StreamPoint { name, value });
            Ok(StreamResponse { pt })
        };
        let responses = stream::iter((1..=point.value).map(response));
        if point.name == LATE {
            let late = responses.then(async |response| {
                tokio::time::sleep(PAUSE).await;
                response
            });
            return Ok(Response::new(late.boxed()));
        }
        Ok(Response::new(responses.boxed()))
    }

    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let mut requests = request.into_inner();
        let mut value = 0_i32;
        while requests.message().await?.is_some() {
            value = value.wrapping_add(1);
        }
        let name = String::new();
        let pt = Some(StreamPoint { name, value });
        Ok(Response::new(StreamResponse { pt }))
    }

    type RouteStream = Responses;

    async fn route(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Responses>, Status> {
        let has_task = request.metadata().contains_key(WITH_TASK);
        let mut requests = request.into_inner();
        if !has_task {
            return Ok(Response::new(requests.map(echo).boxed()));
        }
        let (sender, receiver) = mpsc::channel(QUEUE);
        // It ends with the requests, or with the receiver, which tonic drops with the call.
        tokio::spawn(async move {
            while let Some(request) = requests.next().await {
                if sender.send(echo(request)).await.is_err() {
                    return;
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver).boxed()))
    }
}

#[tonic::async_trait]
impl PointService for Measured {
    async fn put(&self, request: Request<PutRequest>) -> Result<Response<PutResponse>, Status> {
        let count = taken(request.get_ref());
        Ok(Response::new(PutResponse { count }))
    }

    async fn put_all(
        &self,
        request: Request<Streaming<PutRequest>>,
    ) -> Result<Response<PutResponse>, Status> {
        let mut requests = request.into_inner();
        let mut count = 0_i32;
        while let Some(request) = requests.message().await? {
            count = count.wrapping_add(taken(&request));
        }
        Ok(Response::new(PutResponse { count }))
    }
}

fn taken(request: &PutRequest) -> i32 {
    i32::try_from(request.points.len()).unwrap_or(i32::MAX)
}

#[tonic::async_trait]
impl FileService for Measured {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    /// `file_id` is "BYTES-IN-A-CHUNK CHUNKS KIND", where KIND is `zeros`, `text` or `noise`.
    async fn download_file(
        &self,
        request: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        let id = request.into_inner().file_id;
        let data = crate::content::of(&id).ok_or_else(|| Status::not_found(id))?;
        let chunks = (0..data.chunks).map(move |chunk_number| {
            Ok(FileChunk {
                data: data.bytes.clone(),
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
        Err(Status::unimplemented("not measured"))
    }
}
