//! Solution 03: read and send while the call runs, and return the call's own result.

use std::future::pending;
use std::io;
use std::pin::pin;

use futures::Stream;
use futures::stream::unfold;
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::mpsc;
use tonic::transport::Channel;
use tonic::{Response, Status};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{FileChunk, UploadResponse};

/// How many bytes of the file a chunk holds; the last one may hold less.
pub const CHUNK: usize = 10;

/// How many chunks may wait to be sent. They are in memory, so they are few.
const WAITING: usize = 2;

/// How an upload ended.
#[derive(Debug)]
pub struct Uploaded {
    /// How many chunks were taken before the end, or before the server answered.
    pub chunks_taken: i32,
    /// What the server answered.
    pub answer: Result<UploadResponse, Status>,
}

/// Uploads all that `reader` gives.
pub async fn upload<R>(
    mut client: FileServiceClient<Channel>,
    file_name: &str,
    reader: R,
) -> io::Result<Uploaded>
where
    R: AsyncRead + Send + Unpin + 'static,
{
    let mut chunks_taken = 0;
    let (chunks, taken) = mpsc::channel(WAITING);
    let mut call = pin!(client.upload_file(until_the_last(taken)));

    let answer = tokio::select! {
        biased;
        // The server has answered, so the rest of the file need not be read.
        answer = &mut call => answer,
        produced = produce(&chunks, file_name, reader, &mut chunks_taken) => {
            // A reader's error returns here. That drops the call, which cancels it.
            produced?;
            call.await
        }
    };
    Ok(Uploaded {
        chunks_taken,
        answer: answer.map(Response::into_inner),
    })
}

/// The chunks up to `None`, which marks the end of the file.
///
/// A `ReceiverStream` ends when its sender is dropped, and the server takes that end for a whole file.
/// The connection polls the stream in a task of its own, so it might see the dropped sender of a
/// failed upload before it sees the dropped call. This stream ends only at the mark.
fn until_the_last(
    taken: mpsc::Receiver<Option<FileChunk>>,
) -> impl Stream<Item = FileChunk> + Send + 'static {
    unfold(taken, |mut taken| async move {
        match taken.recv().await {
            Some(Some(chunk)) => Some((chunk, taken)),
            Some(None) => None,
            None => pending().await,
        }
    })
}

/// Sends the file until it ends or the call is over.
async fn produce(
    chunks: &mpsc::Sender<Option<FileChunk>>,
    file_name: &str,
    mut reader: impl AsyncRead + Unpin,
    chunks_taken: &mut i32,
) -> io::Result<()> {
    loop {
        let data = piece(&mut reader).await?;
        let chunk = (!data.is_empty()).then(|| FileChunk {
            file_name: file_name.to_owned(),
            data,
            chunk_number: *chunks_taken,
            ..FileChunk::default()
        });
        let is_last = chunk.is_none();
        if chunks.send(chunk).await.is_err() || is_last {
            // All is sent, or the call is over. Its result tells which.
            return Ok(());
        }
        *chunks_taken += 1;
    }
}

/// The next piece of the file, full unless it is the last; empty at the end.
async fn piece(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(CHUNK);
    reader.take(CHUNK as u64).read_to_end(&mut piece).await?;
    Ok(piece)
}
