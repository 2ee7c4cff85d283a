//! Exercise 03: the client half of an upload.
//!
//! Read the file in pieces of `CHUNK` bytes and send each as a `FileChunk`, numbered from 0. Only the
//! last one may be shorter, and none is empty.
//! - Send while you read: the file may be larger than your memory.
//! - When the server answers early, stop: read nothing more, do not wait for the reader, and return
//!   its answer.
//! - Return how many chunks were taken: those whose send has succeeded.
//! - When the reader fails, return its error, and do not let the server take the upload for complete.
//!
//! Check it:     cargo run --bin lesson03 -- check

use std::io;

use tokio::io::AsyncRead;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::files::UploadResponse;
use workbook::proto::files::file_service_client::FileServiceClient;

/// How many bytes of the file a chunk holds; the last one may hold less.
pub const CHUNK: usize = 10;

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
    client: FileServiceClient<Channel>,
    file_name: &str,
    reader: R,
) -> io::Result<Uploaded>
where
    R: AsyncRead + Send + Unpin + 'static,
{
    let _ = (client, reader);
    todo!("send {file_name:?} in chunks of {CHUNK} bytes")
}
