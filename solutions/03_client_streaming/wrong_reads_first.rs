//! Wrong: the whole file is in memory before the first byte leaves.

use futures::stream;
use tonic::transport::Channel;
use workbook::proto::files::UploadResponse;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::chunks::{Chunks, UploadError};

/// Uploads a file.
pub async fn upload(
    mut client: FileServiceClient<Channel>,
    mut file: Chunks,
) -> Result<UploadResponse, UploadError> {
    let mut chunks = Vec::new();
    while let Some(chunk) = file.next().await? {
        chunks.push(chunk);
    }
    let answer = client.upload_file(stream::iter(chunks)).await?;
    Ok(answer.into_inner())
}
