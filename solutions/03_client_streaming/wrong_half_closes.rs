//! Wrong: returns the error of the reader, when the server has already taken its chunks for the file.

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
    let produce = async move {
        while let Some(chunk) = file.next().await? {
            if chunks.send(chunk).await.is_err() {
                break;
            }
        }
        Ok::<_, UploadError>(())
    };
    let call = client.upload_file(ReceiverStream::new(requests));
    let (produced, answer) = tokio::join!(produce, call);
    produced?;
    Ok(answer?.into_inner())
}
