//! The same service at three rungs: as a function, handed to the client, and over a connection.

use std::time::Duration;

use futures::stream;
use tokio::time::Instant;
use tonic::{Request, Status};
use tracing::info;
use workbook::lab::{Lab, SILENCE};
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::{Network, Outcome};

use super::asks::{A_MOMENT, connected, large};
use super::service::Service;
use super::sound::WithTasks;
use super::station::Station;

/// How long the client does not read: six thousand points of the source.
const UNREAD: Duration = Duration::from_secs(600);
/// The timeout that the client asks for.
const TIMEOUT: Duration = Duration::from_secs(1);

fn service() -> Service<WithTasks> {
    Service {
        calls: WithTasks::default(),
        station: Station::default(),
    }
}

// ANCHOR: unread
pub async fn unread(network: Network) -> Outcome {
    info!("calls the service as a function, and does not read");
    let response = service().list(Request::new(large())).await?;
    network.sleep(UNREAD).await;
    drop(response);
    network.sleep(A_MOMENT).await;

    info!("hands the server to the client, and does not read");
    let mut handed = StreamServiceClient::new(StreamServiceServer::new(service()));
    let response = handed.list(large()).await?;
    network.sleep(UNREAD).await;
    drop(response);
    network.sleep(A_MOMENT).await;

    info!("connects to the server, and does not read");
    let response = connected(&network).await?.list(large()).await?;
    network.sleep(UNREAD).await;
    drop(response);
    network.sleep(A_MOMENT).await;
    Ok(())
}
// ANCHOR_END: unread

// ANCHOR: timeout
pub async fn timeout(network: Network) -> Outcome {
    let Some(lab) = network.in_lab() else {
        return Ok(());
    };
    let mut handed = StreamServiceClient::new(StreamServiceServer::new(service()));
    info!("hands the server to the client: an upload without an end, timeout 1 s");
    ends(lab, handed.record(endless())).await;

    let mut client = connected(&network).await?;
    info!("connects to the server: the same");
    ends(lab, client.record(endless())).await;
    Ok(())
}
// ANCHOR_END: timeout

fn endless() -> Request<stream::Pending<workbook::proto::stream::StreamRequest>> {
    let mut request = Request::new(stream::pending());
    request.set_timeout(TIMEOUT);
    request
}

async fn ends<T>(lab: &Lab, call: impl Future<Output = Result<T, Status>>) {
    let began = Instant::now();
    match lab.until_silent(SILENCE, call).await {
        Ok(Ok(_)) => info!(code = "Ok", "OK"),
        Ok(Err(status)) => {
            let after = began.elapsed();
            info!(code = ?status.code(), "{:?} after {after:?}", status.code());
        }
        Err(stall) => info!(
            stalled_s = stall.lasted.as_secs(),
            "it has not ended: {stall}"
        ),
    }
}
