//! The fix: a final message tells the server that the client has finished, and what the file must be.

use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::store::Store;
use super::upload::Upload;

// ANCHOR: fixed
/// Commits when the final message has arrived, and in no other case.
///
/// Costs a message, and a digest on both sides. The final message is part of the protocol now, so a
/// client that does not send it cannot store anything here.
pub async fn commit_on_finish(
    store: &Store,
    mut chunks: Streaming<FileChunk>,
) -> Result<UploadResponse, Status> {
    let no_chunk = || Status::invalid_argument("there was no chunk");
    let first = chunks.message().await?.ok_or_else(no_chunk)?;
    if first.finish.is_some() {
        return Err(no_chunk());
    }
    let mut upload = Upload::begin(store, &first.file_name)?;
    let mut next = Some(first);
    while let Some(chunk) = next {
        if let Some(finish) = &chunk.finish {
            // Data in this message belongs to no chunk. Without this check it would be lost, and the
            // client would have a receipt for it.
            if !chunk.data.is_empty() {
                return Err(Status::invalid_argument("finish must come without data"));
            }
            upload.verify(finish)?;
            let chunks = upload.chunks();
            info!(
                committed = chunks,
                "finished after {chunks} chunks: commits"
            );
            return upload.commit();
        }
        upload.append(&chunk)?;
        next = chunks.message().await?;
    }
    let chunks = upload.chunks();
    info!(
        discarded = chunks,
        "None after {chunks} chunks, unfinished: discards"
    );
    Err(Status::aborted("the upload ended without its last message"))
}
// ANCHOR_END: fixed
