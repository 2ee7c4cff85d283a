//! The peers of the exercise: a file that counts its chunks, a service around it, and a client that reads.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::BoxStream;
use tokio::time::timeout;
use tonic::transport::{Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

use super::super::exercise;

/// No read below takes longer than this, in virtual time.
const READ_LIMIT: Duration = Duration::from_secs(60);

/// A file that counts how many of its chunks were made and read.
#[derive(Clone, Default)]
pub struct CountedFile {
    made: Arc<AtomicUsize>,
    read: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    end: Option<i32>,
    /// Whether chunks have different sizes, and names.
    is_varied: bool,
    held: Arc<AtomicUsize>,
}

impl CountedFile {
    /// A file of so many chunks, no two alike.
    pub fn varied(end: i32) -> Self {
        Self {
            end: Some(end),
            is_varied: true,
            ..Self::default()
        }
    }

    /// The chunk at this place.
    pub fn chunk(&self, place: i32) -> FileChunk {
        if !self.is_varied {
            return FileChunk {
                data: vec![7; 1024],
                chunk_number: place,
                ..FileChunk::default()
            };
        }
        // Every seventh is empty.
        let size = usize::try_from(place % 7).unwrap_or(0) * 150;
        FileChunk {
            file_name: format!("part {place}"),
            data: vec![7; size],
            chunk_number: 1000 - place,
            finish: None,
        }
    }

    /// Whether the exercise still holds the file.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::Relaxed) > 0
    }

    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// The most chunks that were ever made and not read.
    pub fn most_in_flight(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    fn chunks(&self) -> impl Iterator<Item = FileChunk> + Send + use<> {
        /// Longer than any client here reads, and still small enough for an unbounded queue.
        const VERY_LONG: i32 = 20_000;
        let file = self.clone();
        let held = Held::new(&self.held);
        (0..self.end.unwrap_or(VERY_LONG)).map(move |place| {
            let _held = &held;
            let made = file.made.fetch_add(1, Ordering::Relaxed) + 1;
            let read = file.read.load(Ordering::Relaxed);
            file.most.fetch_max(made - read, Ordering::Relaxed);
            file.chunk(place)
        })
    }
}

/// Counts a file for as long as its iterator lives.
struct Held(Arc<AtomicUsize>);

impl Held {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A client with its response stream.
pub struct Reader {
    chunks: Streaming<FileChunk>,
    file: CountedFile,
}

impl Reader {
    /// Reads a chunk, or None at the end.
    pub async fn read(&mut self) -> Result<Option<FileChunk>, Finding> {
        // Counted before it is read: the server may make the next one meanwhile.
        let counted = self.file.read.fetch_add(1, Ordering::Relaxed);
        let next = timeout(READ_LIMIT, self.chunks.message())
            .await
            .map_err(|_| {
                Finding::seen(format!(
                    "{counted} chunks were read, and no more came within a minute"
                ))
            })?;
        let chunk = next.map_err(|status| {
            Finding::seen(format!(
                "after {counted} chunks: {:?} {:?}",
                status.code(),
                status.message()
            ))
        })?;
        if chunk.is_none() {
            self.file.read.fetch_sub(1, Ordering::Relaxed);
        }
        Ok(chunk)
    }
}

/// Downloads this file through the exercise's stream, with both ends configured by the exercise.
pub async fn download(lab: &Lab, file: &CountedFile) -> Result<Reader, Finding> {
    let service = FileServiceServer::new(Service(file.clone()));
    lab.serve(exercise::server(Server::builder()).add_service(service));
    let configured = |endpoint: Endpoint| exercise::client(endpoint);
    let channel = lab.channel_with(configured).await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    let request = DownloadFileRequest::default();
    let response = FileServiceClient::new(channel).download_file(request).await;
    let chunks = response.map_err(|status| {
        Finding::seen(format!(
            "the call failed with {:?} {:?}",
            status.code(),
            status.message()
        ))
    })?;
    Ok(Reader {
        chunks: chunks.into_inner(),
        file: file.clone(),
    })
}

struct Service(CountedFile);

#[tonic::async_trait]
impl FileService for Service {
    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Ok(Response::new(exercise::chunks(self.0.chunks())))
    }

    async fn upload_file(
        &self,
        _: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
