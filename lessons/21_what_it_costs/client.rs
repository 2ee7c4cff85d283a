//! What the clients of this lesson's scenes share: points, a far server, and a download.

use tonic::transport::{Channel, Endpoint};
use tracing::info;
use workbook::proto::files::DownloadFileRequest;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::stream::StreamPoint;
use workbook::wire::grouped;
use workbook::{Failure, Network, Outcome};

use super::cost::Cost;
use super::times::{LATENCY, ON_ITS_WAY, POINTS};

/// The sizes of chunks that are compared, in bytes.
const CHUNKS: [usize; 4] = [1024, 16 * 1024, 256 * 1024, 1024 * 1024];

/// The hosts of this lesson's scenes.
const CLIENT: &str = "client";
const SERVER: &str = "server";

/// What is to be recorded.
pub fn points() -> impl Iterator<Item = StreamPoint> + Send + 'static {
    (1..=POINTS).map(|value| StreamPoint {
        name: "temperature".to_owned(),
        value,
    })
}

/// A channel to the server, far away if there is a lab. It is connected before the link gets slow, so that
/// the time of the connect is not part of what is measured.
pub async fn far(
    network: &Network,
    configure: fn(Endpoint) -> Endpoint,
) -> Result<Channel, Failure> {
    let channel = network.channel_with(configure).await?;
    if let Some(lab) = network.in_lab() {
        let link = lab.link(CLIENT, SERVER);
        link.set_capacity(ON_ITS_WAY);
        link.set_latency(LATENCY);
    }
    Ok(channel)
}

// ANCHOR: downloads
/// Downloads the file once for each size of chunks.
pub async fn downloads(network: &Network, configure: fn(Endpoint) -> Endpoint) -> Outcome {
    let mut client = FileServiceClient::new(far(network, configure).await?);
    for size in CHUNKS {
        let cost = Cost::from_now(network);
        let file_id = size.to_string();
        let request = DownloadFileRequest { file_id };
        let mut chunks = client.download_file(request).await?.into_inner();
        let (mut count, mut bytes) = (0_u64, 0_u64);
        while let Some(chunk) = chunks.message().await? {
            count += 1;
            bytes += chunk.data.len() as u64;
        }
        info!(
            chunks = count,
            "got {} bytes in {} chunks of {}",
            grouped(bytes),
            grouped(count),
            grouped(size as u64)
        );
        cost.log("they took");
    }
    Ok(())
}
// ANCHOR_END: downloads
