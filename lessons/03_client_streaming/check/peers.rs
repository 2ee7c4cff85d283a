//! The exercise's peers: a server that records what arrives, and a file that records what is read.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::stream::BoxStream;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use workbook::lab::Lab;
use workbook::proto::files::file_service_server::{FileService, FileServiceServer};
use workbook::proto::files::{DownloadFileRequest, FileChunk, UploadResponse};

/// When the server answers, and what.
#[derive(Clone)]
pub enum Answer {
    /// When the client has half-closed.
    AtTheEnd,
    /// After so many chunks, even if more are to come.
    After(usize, Result<(), Status>),
    /// Never: it does not even read.
    Never,
}

/// What has arrived at the server.
#[derive(Clone, Default)]
pub struct Seen {
    pub bytes: Vec<u8>,
    pub numbers: Vec<i32>,
    pub names: Vec<String>,
    /// The length of each chunk, in order.
    pub lengths: Vec<usize>,
    /// When the first chunk came, counted from when the server began to serve.
    pub first: Option<Duration>,
}

/// The server's windows, in bytes: how much a client can send before the server reads.
const WINDOW: u32 = 16 * 1024;

/// A server that records what arrives.
#[derive(Clone)]
pub struct Uploads {
    answer: Answer,
    answers_after: Duration,
    since: Instant,
    seen: Arc<Mutex<Seen>>,
}

impl Uploads {
    pub fn new(answer: Answer) -> Self {
        Self {
            answer,
            answers_after: Duration::ZERO,
            since: Instant::now(),
            seen: Arc::default(),
        }
    }

    /// Waits this long between the last chunk and the answer.
    pub fn answering_after(self, answers_after: Duration) -> Self {
        Self {
            answers_after,
            ..self
        }
    }

    pub fn serve(&self, lab: &Lab) {
        // Small windows, so that a client soon has to wait for a server that does not read.
        lab.serve(
            Server::builder()
                .initial_stream_window_size(WINDOW)
                .initial_connection_window_size(WINDOW)
                .add_service(FileServiceServer::new(self.clone())),
        );
    }

    pub fn seen(&self) -> Seen {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Records a chunk, and returns how many there have been.
    fn note(&self, chunk: FileChunk) -> usize {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.first.get_or_insert(self.since.elapsed());
        seen.lengths.push(chunk.data.len());
        seen.bytes.extend(chunk.data);
        seen.numbers.push(chunk.chunk_number);
        seen.names.push(chunk.file_name);
        seen.numbers.len()
    }

    fn receipt(&self) -> UploadResponse {
        let total_size = i64::try_from(self.seen().bytes.len()).unwrap_or(i64::MAX);
        UploadResponse {
            total_size,
            ..UploadResponse::default()
        }
    }
}

#[tonic::async_trait]
impl FileService for Uploads {
    async fn upload_file(
        &self,
        request: Request<Streaming<FileChunk>>,
    ) -> Result<Response<UploadResponse>, Status> {
        let mut chunks = request.into_inner();
        if matches!(self.answer, Answer::Never) {
            pending::<()>().await;
        }
        while let Some(chunk) = chunks.message().await? {
            let count = self.note(chunk);
            if let Answer::After(enough, answer) = &self.answer
                && count >= *enough
            {
                answer.clone()?;
                break;
            }
        }
        if !self.answers_after.is_zero() {
            sleep(self.answers_after).await;
        }
        Ok(Response::new(self.receipt()))
    }

    type DownloadFileStream = BoxStream<'static, Result<FileChunk, Status>>;

    async fn download_file(
        &self,
        _: Request<DownloadFileRequest>,
    ) -> Result<Response<Self::DownloadFileStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}

/// A file whose reads return few bytes each, and may take time, stall or fail.
pub struct Reader {
    length: usize,
    piece: usize,
    takes: Duration,
    stalls_after: Option<usize>,
    fails_after: Option<usize>,
    progress: Progress,
    waiting: Option<Pin<Box<Sleep>>>,
}

/// How much of a file has been read.
#[derive(Clone, Default)]
pub struct Progress(Arc<AtomicUsize>);

impl Progress {
    pub fn bytes(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// How many bytes one read returns, unless a test says otherwise.
const PIECE: usize = 10;

/// The kind of the error of a reader that fails.
pub const BROKEN: io::ErrorKind = io::ErrorKind::TimedOut;

impl Reader {
    pub fn new(length: usize) -> Self {
        Self {
            length,
            piece: PIECE,
            takes: Duration::ZERO,
            stalls_after: None,
            fails_after: None,
            progress: Progress::default(),
            waiting: None,
        }
    }

    pub fn slow(self, takes: Duration) -> Self {
        Self { takes, ..self }
    }

    /// A read returns at most so many bytes.
    pub fn giving(self, piece: usize) -> Self {
        Self { piece, ..self }
    }

    /// After so many bytes a read stays pending, like one from a terminal at which no key is pressed.
    pub fn stalling_after(self, bytes: usize) -> Self {
        Self {
            stalls_after: Some(bytes),
            ..self
        }
    }

    pub fn failing_after(self, bytes: usize) -> Self {
        Self {
            fails_after: Some(bytes),
            ..self
        }
    }

    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// All bytes of a file of that length.
    pub fn content(length: usize) -> Vec<u8> {
        (0..=u8::MAX).cycle().take(length).collect()
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let at = self.progress.bytes();
        if self.fails_after.is_some_and(|limit| at >= limit) {
            return Poll::Ready(Err(io::Error::new(BROKEN, "the disk is broken")));
        }
        if self.stalls_after.is_some_and(|limit| at >= limit) {
            return Poll::Pending;
        }
        if at < self.length && !self.takes.is_zero() {
            let takes = self.takes;
            let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(takes)));
            ready!(waiting.as_mut().poll(cx));
            self.waiting = None;
        }
        let piece = self.piece.min(buf.remaining()).min(self.length - at);
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().skip(at % 256).take(piece).collect();
        buf.put_slice(&bytes);
        self.progress.0.fetch_add(piece, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}
