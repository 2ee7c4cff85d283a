//! The costly ways: a call for each point, one after the other, and a small window on a long link.

use tonic::transport::Endpoint;
use tracing::info;
use workbook::proto::stream::PutRequest;
use workbook::proto::stream::point_service_client::PointServiceClient;
use workbook::{Network, Outcome};

use super::client::{downloads, far, points};
use super::cost::Cost;

// ANCHOR: calls
pub async fn calls(network: Network) -> Outcome {
    let mut client = PointServiceClient::new(far(&network, |endpoint| endpoint).await?);
    let cost = Cost::from_now(&network);
    let mut count = 0;
    for point in points() {
        let request = PutRequest {
            points: vec![point],
        };
        // Each call waits for the answer to the one before it.
        count += client.put(request).await?.into_inner().count;
    }
    info!(
        count,
        "{count} points in as many calls, one after the other"
    );
    cost.log("they took");
    Ok(())
}
// ANCHOR_END: calls

// ANCHOR: small
/// What HTTP/2 gives to a stream and to a connection, unless SETTINGS or WINDOW_UPDATE say otherwise
/// (RFC 9113, section 6.9.2), in bytes.
const HTTP2_DEFAULT: u32 = 65_535;

pub async fn small_window(network: Network) -> Outcome {
    let small = |endpoint: Endpoint| {
        endpoint
            .initial_stream_window_size(HTTP2_DEFAULT)
            .initial_connection_window_size(HTTP2_DEFAULT)
    };
    downloads(&network, small).await
}
// ANCHOR_END: small
