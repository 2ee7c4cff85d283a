//! Wrong: returns at once, and leaves a task behind that waits for the file.

use futures::FutureExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
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
    let producer = tokio::spawn(async move {
        while let Some(chunk) = file.next().await? {
            if chunks.send(chunk).await.is_err() {
                break;
            }
        }
        Ok::<_, UploadError>(())
    });
    let answer = client.upload_file(ReceiverStream::new(requests)).await;
    if let Some(Ok(produced)) = producer.now_or_never() {
        produced?;
    }
    Ok(answer?.into_inner())
}
