//! The cure: the client says in a message that it has finished, and what the whole must be.

use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::store::Store;
use super::upload::Upload;

// ANCHOR: fixed
/// Commits on the final message, and on nothing else.
///
/// Costs a message, and a digest on both sides. The final message is part of the protocol now: a
/// client that does not know of it can store nothing here.
pub async fn commit_on_finish(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let no_chunk = || Status::invalid_argument("there was no chunk");
    let first = chunks.message().await?.ok_or_else(no_chunk)?;
    let mut upload = Upload::begin(store, &first.file_name)?;
    let mut next = Some(first);
    while let Some(chunk) = next {
        if let Some(finish) = &chunk.finish {
            upload.verify(finish)?;
            info!("finished after {} chunks: commits", upload.chunks());
            return upload.commit();
        }
        upload.append(&chunk)?;
        next = chunks.message().await?;
    }
    info!(
        "None after {} chunks, unfinished: discards",
        upload.chunks()
    );
    Err(Status::aborted("the upload ended without its last message"))
}
// ANCHOR_END: fixed
