//! The clients of this lesson's scenes: readers of different patience.

use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::{Failure, Network, Outcome};

/// HTTP/2's own default: the window of a client that sets none in its SETTINGS (RFC 9113, section 6.9.2).
pub const DEFAULT_WINDOW: u32 = 65_535;

/// Larger than any stream's window here, so that only the stream's window limits the server.
const CONNECTION_WINDOW: u32 = 4 * 1024 * 1024;

const SECOND: Duration = Duration::from_secs(1);

// ANCHOR: windows
pub async fn windows(network: Network) -> Outcome {
    for window in [16 * 1024, DEFAULT_WINDOW, 1024 * 1024] {
        info!(window, "a window of {window} bytes, and reads nothing");
        let _unread = download(&network, window, 10_000).await?;
        sleep(SECOND).await;
    }
    info!("tonic's default window, and reads nothing");
    let _unread = request(network.channel().await?, 10_000).await?;
    sleep(SECOND).await;
    Ok(())
}
// ANCHOR_END: windows

pub async fn read_nothing(network: Network) -> Outcome {
    info!(
        window = DEFAULT_WINDOW,
        "a window of {DEFAULT_WINDOW} bytes, and reads nothing"
    );
    let _unread = download(&network, DEFAULT_WINDOW, 10_000).await?;
    sleep(SECOND).await;
    Ok(())
}

// ANCHOR: twenties
pub async fn read_twenties(network: Network) -> Outcome {
    info!(
        window = DEFAULT_WINDOW,
        "a window of {DEFAULT_WINDOW} bytes"
    );
    let mut chunks = download(&network, DEFAULT_WINDOW, 10_000).await?;
    sleep(SECOND).await;
    for _ in 0..3 {
        for _ in 0..20 {
            next(&mut chunks).await?;
        }
        info!(read = 20, "reads 20");
        sleep(SECOND).await;
    }
    Ok(())
}
// ANCHOR_END: twenties

/// Reads nothing for two seconds, and then as fast as chunks come.
pub async fn read_late(network: Network) -> Outcome {
    let mut chunks = download(&network, DEFAULT_WINDOW, 160).await?;
    sleep(2 * SECOND).await;
    info!(step = "begins_to_read", "begins to read");
    let mut got = 0;
    while next(&mut chunks).await?.is_some() {
        got += 1;
        if got % 20 == 0 {
            info!(read = got, "has read {got}");
        }
    }
    Ok(())
}

/// The next chunk, or None at the end of the stream (lesson 05).
pub async fn next(chunks: &mut Streaming<FileChunk>) -> Result<Option<FileChunk>, Status> {
    chunks.message().await
}

// ANCHOR: download
/// Asks for a file of `count` chunks, over a connection of its own with this window for a stream.
pub async fn download(
    network: &Network,
    window: u32,
    count: u16,
) -> Result<Streaming<FileChunk>, Failure> {
    let channel = network
        .channel_with(|endpoint| {
            endpoint
                .initial_stream_window_size(window)
                .initial_connection_window_size(CONNECTION_WINDOW)
        })
        .await?;
    Ok(request(channel, count).await?)
}
// ANCHOR_END: download

async fn request(channel: Channel, count: u16) -> Result<Streaming<FileChunk>, Status> {
    let file_id = count.to_string();
    let request = DownloadFileRequest { file_id };
    let response = FileServiceClient::new(channel)
        .download_file(request)
        .await?;
    Ok(response.into_inner())
}
