//! A server that ends in order: health, listener, streams, deadline, exit.

use std::time::Duration;

use tonic::transport::Error;
use tonic_health::ServingStatus;
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use workbook::graceful::{End, Graceful, Shutdown};
use workbook::lesson::Listener;
use workbook::proto::stocks::stock_service_server::SERVICE_NAME;
use workbook::{HostRouter, Signal};

/// As long as a load balancer needs to see NOT_SERVING: its interval between two health checks, and a
/// bit. In production, seconds.
const NOTICE: Duration = Duration::from_millis(300);
/// How long calls may go on. Less than what the operating system grants: `docker stop` kills after 10 s,
/// Kubernetes after 30 s, the notice included.
const DEADLINE: Duration = Duration::from_secs(5);

// ANCHOR: serve
/// `shutdown` is the one that the router's services know.
pub async fn serve(
    router: HostRouter,
    incoming: Listener,
    signal: Signal,
    shutdown: Shutdown,
) -> Result<End, Error> {
    let health = HealthReporter::new();
    let serving = ServingStatus::Serving;
    health.set_service_status(SERVICE_NAME, serving).await;
    let service = HealthService::from_health_reporter(health.clone());
    let router = router.add_service(HealthServer::new(service));
    let graceful = Graceful {
        shutdown: shutdown.clone(),
        health,
        services: &[SERVICE_NAME],
        notice: NOTICE,
        deadline: DEADLINE,
    };
    let serving = router.serve_with_incoming_shutdown(incoming, shutdown.closed());
    graceful.run(serving, signal).await
}
// ANCHOR_END: serve
