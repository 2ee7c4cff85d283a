//! What goes wrong: the server takes the end of the stream for proof that the client has finished.

use tokio::task::yield_now;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::store::Store;
use super::upload::Upload;

// ANCHOR: broken
/// Wrong: commits what has arrived at `None`, whatever has ended the stream.
pub async fn commit_at_none(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let upload = receive(store, &mut chunks).await?;
    let chunks = upload.chunks();
    info!(committed = chunks, "None after {chunks} chunks: commits");
    upload.commit()
}
// ANCHOR_END: broken

// ANCHOR: fence
/// Half a fix: yields once, so that tonic can drop the handler first if a reset ended the stream.
pub async fn commit_behind_a_fence(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let upload = receive(store, &mut chunks).await?;
    yield_now().await;
    let chunks = upload.chunks();
    info!(committed = chunks, "None after {chunks} chunks: commits");
    upload.commit()
}
// ANCHOR_END: fence

async fn receive(store: &Store, chunks: &mut Streaming<FileChunk>) -> Result<Upload, Status> {
    let no_chunk = || Status::invalid_argument("there was no chunk");
    let first = chunks.message().await?.ok_or_else(no_chunk)?;
    let mut upload = Upload::begin(store, &first.file_name)?;
    upload.append(&first)?;
    while let Some(chunk) = chunks.message().await? {
        // This server does not know `finish`. The message that contains it has no data to store.
        if chunk.finish.is_none() {
            upload.append(&chunk)?;
        }
    }
    Ok(upload)
}
