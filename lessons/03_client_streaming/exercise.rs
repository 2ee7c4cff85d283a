//! Exercise 03: the client half of an upload.
//!
//! Send the chunks of the file in order, and return the server's answer. `file.next().await?` reads a
//! chunk (see `chunks.rs`).
//! - Send while you read: the file may be larger than your memory. Hold at most 16 chunks that the
//!   connection has not taken.
//! - The server may answer before it has all chunks, with a reply or with an error. Return what it
//!   answers: do not wait for the file, read nothing more of it, and leave nothing running.
//! - When the file cannot be read, return the reader's error, and do not let the server take the upload
//!   for complete.
//! - Set no time limit: file and server may be slow.
//!
//! Check it:     cargo run --bin lesson03 -- check

use tonic::transport::Channel;
use workbook::proto::files::UploadResponse;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::chunks::{Chunks, UploadError};

/// Uploads a file.
pub async fn upload(
    client: FileServiceClient<Channel>,
    mut file: Chunks,
) -> Result<UploadResponse, UploadError> {
    let _ = client;
    let first = file.next().await?;
    todo!("send the chunks of the file; the first is {first:?}")
}
