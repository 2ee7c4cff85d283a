//! Wrong: reports the failed send, and throws the status of the call away.

use std::io;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::files::UploadResponse;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::chunks::{Chunks, UploadError};

/// How many chunks may wait to be sent. They are in memory, so they are few.
const WAITING: usize = 2;

/// Uploads a file.
pub async fn upload(
    mut client: FileServiceClient<Channel>,
    mut file: Chunks,
) -> Result<UploadResponse, UploadError> {
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = tokio::spawn(async move { client.upload_file(ReceiverStream::new(requests)).await });
    while let Some(chunk) = file.next().await? {
        if chunks.send(chunk).await.is_err() {
            return Err(Status::cancelled("the server takes no more chunks").into());
        }
    }
    drop(chunks);
    let answer = call.await.map_err(io::Error::other)?;
    Ok(answer?.into_inner())
}
