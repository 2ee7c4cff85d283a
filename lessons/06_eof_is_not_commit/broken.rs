//! What goes wrong: the end of the stream is taken for the client's word that it has finished.

use tokio::task::yield_now;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::store::Store;
use super::upload::Upload;

// ANCHOR: broken
/// Wrong: commits whatever was there when the stream ended.
pub async fn commit_at_none(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let upload = receive(store, &mut chunks).await?;
    info!("None after {} chunks: commits", upload.chunks());
    upload.commit()
}
// ANCHOR_END: broken

// ANCHOR: fence
/// Half a cure: gives tonic a chance to drop the handler first, if the stream ended in a reset.
pub async fn commit_behind_a_fence(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let upload = receive(store, &mut chunks).await?;
    yield_now().await;
    info!("None after {} chunks: commits", upload.chunks());
    upload.commit()
}
// ANCHOR_END: fence

async fn receive(store: &Store, chunks: &mut Streaming<FileChunk>) -> Result<Upload, Status> {
    let no_chunk = || Status::invalid_argument("there was no chunk");
    let first = chunks.message().await?.ok_or_else(no_chunk)?;
    let mut upload = Upload::begin(store, &first.file_name)?;
    upload.append(&first)?;
    while let Some(chunk) = chunks.message().await? {
        // A message that only says "finished" has no data, and this server has not heard of it.
        if chunk.finish.is_none() {
            upload.append(&chunk)?;
        }
    }
    Ok(upload)
}
