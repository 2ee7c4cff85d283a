//! Wrong: an upload whose file stalls holds the lock that every other upload waits for.

use std::future::pending;

use futures::stream;
use tokio::sync::{Mutex, oneshot};
use tonic::transport::Channel;
use workbook::proto::files::UploadResponse;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::chunks::{Chunks, UploadError};

/// One upload at a time.
static UPLOADING: Mutex<()> = Mutex::const_new(());

/// Uploads a file.
pub async fn upload(
    mut client: FileServiceClient<Channel>,
    file: Chunks,
) -> Result<UploadResponse, UploadError> {
    let _uploading = UPLOADING.lock().await;
    let (failed, failure) = oneshot::channel();
    // tonic polls this stream when the connection can take a chunk, and drops it when the call is over.
    let chunks = stream::unfold((file, failed), |(mut file, failed)| async move {
        match file.next().await {
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
