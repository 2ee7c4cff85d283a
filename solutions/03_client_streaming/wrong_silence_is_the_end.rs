//! Wrong: a file that gives nothing for a minute is taken for one that has ended.

use std::future::pending;
use std::time::Duration;

use futures::stream;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::transport::Channel;
use workbook::proto::files::UploadResponse;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::chunks::{Chunks, UploadError};

/// How long the next chunk may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// Uploads a file.
pub async fn upload(
    mut client: FileServiceClient<Channel>,
    file: Chunks,
) -> Result<UploadResponse, UploadError> {
    let (failed, failure) = oneshot::channel();
    // tonic polls this stream when the connection can take a chunk, and drops it when the call is over.
    let chunks = stream::unfold((file, failed), |(mut file, failed)| async move {
        match timeout(PATIENCE, file.next()).await.unwrap_or(Ok(None)) {
            Ok(Some(chunk)) => Some((chunk, (file, failed))),
            // The end of the stream is the half-close: the file is complete.
            Ok(None) => None,
            Err(error) => {
                // A stream that ended here would half-close, too. So it stays pending until it is
                // dropped with the call. If the call is over already, the error has no receiver.
                let _ = failed.send(error);
                pending().await
            }
        }
    });
    tokio::select! {
        biased;
        answer = client.upload_file(chunks) => Ok(answer?.into_inner()),
        // Returning drops the call, which cancels it. At the end of the file `failed` is dropped unused:
        // then this pattern does not match, and `select!` waits for the answer alone.
        Ok(error) = failure => Err(error.into()),
    }
}
