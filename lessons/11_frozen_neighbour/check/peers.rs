//! The peers of the exercise: a server that counts the chunks it makes, and limits for every call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, timeout};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};
use workbook::proto::greeter::greeter_service_server::{GreeterService, GreeterServiceServer};
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};

use super::super::exercise::Client;
use super::super::network::Network;

/// No call below takes longer than this, in virtual time.
const CALL_LIMIT: Duration = Duration::from_secs(600);

/// Bytes in a chunk.
pub const CHUNK: usize = 16 * 1024;

/// A server, and the exercise's client of it.
pub struct Program {
    pub client: Client,
    made: Arc<AtomicUsize>,
}

impl Program {
    pub async fn start(lab: &Lab) -> Result<Self, Finding> {
        let made = Arc::new(AtomicUsize::new(0));
        let router = Server::builder()
            .add_service(FileServiceServer::new(Files {
                made: Arc::clone(&made),
            }))
            .add_service(GreeterServiceServer::new(Greeter));
        lab.serve(router);
        let client = within("connecting", Client::new(Network::new(lab))).await?;
        Ok(Self { client, made })
    }

    /// How many chunks the server has made, over all files.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    pub async fn download(&self, chunks: usize) -> Result<Streaming<FileChunk>, Finding> {
        within(
            "opening a download",
            self.client.download(&chunks.to_string()),
        )
        .await
    }

    /// Greets, and expects the answer at once.
    pub async fn greet(&self, beside: &str) -> Verdict {
        let start = Instant::now();
        let what = format!("a greeting, beside {beside},");
        let greeting = within(&what, self.client.greet("Ada")).await?;
        let took = start.elapsed();
        ensure(greeting == "Hi, Ada!", || {
            format!("greet(\"Ada\") returned {greeting:?}")
        })?;
        ensure(took < Duration::from_millis(100), || {
            format!("{what} took {} s", took.as_secs_f64())
        })
    }
}

/// Reads the chunks `from..to`, and expects these numbers.
pub async fn read(
    download: &mut Streaming<FileChunk>,
    from: usize,
    to: usize,
    what: &str,
) -> Verdict {
    for expected in from..to {
        let chunk = within(what, download.message()).await?;
        let number = chunk.map(|chunk| chunk.chunk_number);
        ensure(number == i32::try_from(expected).ok(), || match number {
            Some(number) => format!("{what}: chunk {expected} was expected, and {number} came"),
            None => format!("{what}: it ended after {expected} chunks"),
        })?;
    }
    Ok(())
}

pub async fn within<T>(
    what: &str,
    work: impl Future<Output = Result<T, Status>>,
) -> Result<T, Finding> {
    let done = timeout(CALL_LIMIT, work).await;
    let done = done.map_err(|_| Finding::seen(format!("{what} took more than 10 minutes")))?;
    done.map_err(|status| {
        let (code, message) = (status.code(), status.message());
        Finding::seen(format!("{what} failed with {code:?} {message:?}"))
    })
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
        let count: i32 = request.into_inner().file_id.parse().unwrap_or(0);
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
        if name.is_empty() {
            return Err(Status::invalid_argument("a name, please"));
        }
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
