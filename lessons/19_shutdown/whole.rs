//! The whole program over TCP, for a crate of your own. The scenes play its parts; a test runs it.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use workbook::graceful::{End, Graceful, Shutdown, ShutdownSignals};
use workbook::proto::stocks::stock_service_server::{SERVICE_NAME, StockServiceServer};

use super::exchange::Exchange;

// ANCHOR: whole
const ADDR: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::UNSPECIFIED), 50051);
/// From one price to the next.
const PAUSE: Duration = Duration::from_millis(250);
/// Two health checks of a load balancer that asks every two seconds, and a bit.
const NOTICE: Duration = Duration::from_secs(5);
/// Together with the notice, less than the 30 s after which Kubernetes kills.
const DEADLINE: Duration = Duration::from_secs(20);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<(), Box<dyn Error>> {
    // First, so that a signal that comes early is not lost.
    let mut signals = ShutdownSignals::listen()?;
    let incoming = TcpIncoming::bind(ADDR)?.with_nodelay(Some(true));
    match run(incoming, signals.next(), NOTICE).await? {
        End::Drained => Ok(()),
        // The runtime ends with `main`, and closes what is still open.
        End::Late => Err("some calls had not ended at the deadline".into()),
    }
}

pub async fn run(
    incoming: TcpIncoming,
    signal: impl Future<Output = ()>,
    notice: Duration,
) -> Result<End, tonic::transport::Error> {
    let shutdown = Shutdown::default();
    let health = HealthReporter::new();
    let serving = ServingStatus::Serving;
    health.set_service_status(SERVICE_NAME, serving).await;
    let router = Server::builder()
        .add_service(HealthServer::new(HealthService::from_health_reporter(health.clone())))
        .add_service(StockServiceServer::new(Exchange::opens(PAUSE, shutdown.clone())));
    let serving = router.serve_with_incoming_shutdown(incoming, shutdown.closed());
    let graceful = Graceful {
        shutdown,
        health,
        services: &[SERVICE_NAME],
        notice,
        deadline: DEADLINE,
    };
    graceful.run(serving, signal).await
}
// ANCHOR_END: whole
