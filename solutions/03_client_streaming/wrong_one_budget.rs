//! Wrong: all uploads share 16 places, so an upload to a server that does not read stops the others.

use std::pin::pin;

use futures::stream::{self, Stream};
use tokio::sync::{Semaphore, SemaphorePermit, mpsc};
use tonic::transport::Channel;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::chunks::{Chunks, UploadError};

/// How many chunks may be in memory.
static PLACES: Semaphore = Semaphore::const_new(16);

/// A chunk, and the place that it takes up until the connection takes it.
type Placed = (FileChunk, SemaphorePermit<'static>);

/// The request stream. It ends only with the end mark `None`.
fn requests(
    rx: mpsc::UnboundedReceiver<Option<Placed>>,
) -> impl Stream<Item = FileChunk> + Send + 'static {
    stream::unfold(rx, |mut rx| async move {
        match rx.recv().await {
            Some(Some((chunk, _place))) => Some((chunk, rx)),
            Some(None) => None,
            None => std::future::pending().await,
        }
    })
}

/// Uploads a file.
pub async fn upload(
    mut client: FileServiceClient<Channel>,
    mut file: Chunks,
) -> Result<UploadResponse, UploadError> {
    let (tx, rx) = mpsc::unbounded_channel();
    let mut call = pin!(client.upload_file(requests(rx)));
    let feed = async {
        loop {
            let place = PLACES
                .acquire()
                .await
                .expect("the semaphore is never closed");
            let Some(chunk) = file.next().await? else {
                break;
            };
            if tx.send(Some((chunk, place))).is_err() {
                return Ok::<_, UploadError>(());
            }
        }
        let _ = tx.send(None);
        Ok(())
    };
    tokio::select! {
        biased;
        answer = &mut call => return Ok(answer?.into_inner()),
        fed = feed => fed?,
    }
    Ok(call.await?.into_inner())
}
