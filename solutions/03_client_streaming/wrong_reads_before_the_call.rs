//! Wrong: reads the first chunk before it calls, so a server that refuses at once is not asked before that.

use std::pin::pin;

use futures::stream::{self, Stream};
use tokio::sync::mpsc;
use tonic::transport::Channel;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::chunks::{Chunks, UploadError};

/// The request stream. It ends only with the end mark `None`; when the sender is dropped without it,
/// the stream stays open, and the dropped call resets it.
fn requests(
    rx: mpsc::Receiver<Option<FileChunk>>,
) -> impl Stream<Item = FileChunk> + Send + 'static {
    stream::unfold(rx, |mut rx| async move {
        match rx.recv().await {
            Some(Some(chunk)) => Some((chunk, rx)),
            Some(None) => None,
            None => std::future::pending().await,
        }
    })
}

/// Uploads a file.
pub async fn upload(
    mut client: FileServiceClient<Channel>,
    mut file: Chunks,
) -> Result<UploadResponse, UploadError> {
    // A file that cannot be read at all needs no call.
    let mut chunk = file.next().await?;

    let (tx, rx) = mpsc::channel(16);
    let mut call = pin!(client.upload_file(requests(rx)));
    let feed = async {
        while let Ok(room) = tx.reserve().await {
            let end = chunk.is_none();
            room.send(chunk);
            if end {
                break;
            }
            // Read the next chunk only when there is room for it.
            if tx.reserve().await.is_err() {
                break;
            }
            chunk = file.next().await?;
        }
        Ok::<_, UploadError>(())
    };
    tokio::select! {
        biased;
        answer = &mut call => return Ok(answer?.into_inner()),
        fed = feed => fed?,
    }
    Ok(call.await?.into_inner())
}
