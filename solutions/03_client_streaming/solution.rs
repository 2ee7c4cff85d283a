//! Solution 03: read and send while the call runs, and let the call say how it ended.

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
        // The server has answered, however much there is left to read.
        answer = &mut call => answer,
        fed = feed(&chunks, file_name, reader, &mut chunks_taken) => {
            // A reader's error leaves here, and drops the call, which is a cancellation.
            fed?;
            call.await
        }
    };
    Ok(Uploaded {
        chunks_taken,
        answer: answer.map(Response::into_inner),
    })
}

/// The chunks up to `None`, which says that there are no more.
///
/// The stream of a channel ends when its sender is dropped, and to the server that end is a whole
/// file. The connection reads the stream in a task of its own, so it might see the dropped sender
/// of a failed upload before it sees the dropped call. This stream ends only when it is told to.
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

/// Sends the file until it ends or nobody takes the chunks.
async fn feed(
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
            // All is sent, or the call is over. What became of it, the call itself will say.
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
