//! The clients that upload.

use std::time::Duration;

use futures::future::{Either, join_all, select};
use futures::stream;
use tokio::time::sleep;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::files::FileChunk;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::{Network, Outcome};

use super::calls::say_hi;

/// An upload: so many chunks of so many bytes.
const CHUNKS: usize = 16;
const CHUNK: usize = 100_000;
/// When the uploads have sent all that they may.
const WINDOW_FILLS_IN: Duration = Duration::from_millis(100);
/// How long a greeting may take.
const TIMEOUT: Duration = Duration::from_secs(5);

// ANCHOR: upload
/// One upload, and a greeting beside it.
pub async fn upload(network: Network) -> Outcome {
    beside_uploads(&network.channel().await?, 1).await;
    Ok(())
}
// ANCHOR_END: upload

/// As many uploads as there are permits, and one more.
pub async fn five_uploads(network: Network) -> Outcome {
    beside_uploads(&network.channel().await?, 5).await;
    Ok(())
}

async fn beside_uploads(channel: &Channel, uploads: usize) {
    let uploads = join_all((1..=uploads).map(|number| upload_file(channel, number)));
    let greeting = async {
        sleep(WINDOW_FILLS_IN).await;
        say_hi(channel, Some(TIMEOUT)).await;
    };
    // The uploads go on meanwhile.
    match select(Box::pin(uploads), Box::pin(greeting)).await {
        Either::Left((_, greeting)) => greeting.await,
        Either::Right(((), uploads)) => {
            uploads.await;
        }
    }
}

async fn upload_file(channel: &Channel, number: usize) {
    let chunk = FileChunk {
        data: vec![0; CHUNK],
        ..FileChunk::default()
    };
    let chunks = stream::iter(std::iter::repeat_n(chunk, CHUNKS));
    info!("upload {number}: {CHUNKS} chunks of {CHUNK} bytes");
    let mut client = FileServiceClient::new(channel.clone());
    match client.upload_file(chunks).await {
        Ok(done) => {
            let bytes = done.into_inner().total_size;
            info!(
                uploaded = bytes,
                "upload {number}: {bytes} bytes are stored"
            );
        }
        Err(status) => {
            let (code, text) = (status.code(), status.message());
            info!(upload_code = ?code, text, "upload {number}: {code:?}: {text}");
        }
    }
}
