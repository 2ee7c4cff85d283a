//! Wrong: does not check the result of `send`, so the file is read to its end after the call is over.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
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
    mut reader: R,
) -> io::Result<Uploaded>
where
    R: AsyncRead + Send + Unpin + 'static,
{
    let (chunks, requests) = mpsc::channel(WAITING);
    let produce = async {
        let mut chunks_taken = 0;
        loop {
            let data = piece(&mut reader).await?;
            if data.is_empty() {
                break;
            }
            let file_name = file_name.to_owned();
            let chunk = FileChunk {
                file_name,
                data,
                chunk_number: chunks_taken,
                ..FileChunk::default()
            };
            let _ = chunks.send(chunk).await;
            chunks_taken += 1;
        }
        drop(chunks);
        Ok::<_, io::Error>(chunks_taken)
    };
    let call = async { Ok(client.upload_file(ReceiverStream::new(requests)).await) };
    let (chunks_taken, answer) = tokio::try_join!(produce, call)?;
    Ok(Uploaded {
        chunks_taken,
        answer: answer.map(Response::into_inner),
    })
}

/// The next piece of the file, full unless it is the last; empty at the end.
async fn piece(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let mut piece = Vec::with_capacity(CHUNK);
    reader.take(CHUNK as u64).read_to_end(&mut piece).await?;
    Ok(piece)
}
