//! The servers of this lesson's scenes, each a process of its own.

use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::{Error, Server};
use tonic_health::pb::health_server::HealthServer;
use tonic_health::server::{HealthReporter, HealthService};
use tracing::info;
use workbook::graceful::{End, Shutdown};
use workbook::lesson::Listener;
use workbook::proto::greeter::greeter_service_server::GreeterServiceServer;
use workbook::proto::stocks::stock_service_server::{SERVICE_NAME, StockServiceServer};
use workbook::{HostRouter, Network, Signal};

use super::exchange::Exchange;
use super::{broken, fixed};

/// From one price to the next.
pub const PAUSE: Duration = Duration::from_millis(250);
/// The same where a busy machine must not change what is told first.
const SLOW_PAUSE: Duration = Duration::from_secs(1);
/// The same where the connection's age is counted in seconds: no price in the same instant.
const ODD_PAUSE: Duration = Duration::from_millis(900);
/// The same where a scene lasts an hour.
const LONG_PAUSE: Duration = Duration::from_secs(10 * 60);
/// When a server is asked to end.
const SIGTERM: Duration = Duration::from_millis(1_100);
/// How old a connection may become, and how much longer its calls may then take.
const AGE: Duration = Duration::from_secs(5);
const GRACE: Duration = Duration::from_secs(3);

pub async fn at_once(network: Network, incoming: Listener, asked: Signal) {
    let router = exchange(&network, PAUSE, &Shutdown::default());
    returns(broken::at_once(router, incoming, sigterm(asked)).await);
}

pub async fn for_ever(network: Network, incoming: Listener, asked: Signal) {
    let router = exchange(&network, LONG_PAUSE, &Shutdown::default());
    returns(broken::for_ever(router, incoming, sigterm(asked)).await);
}

/// The same with a health service, which does not know that the server ends.
pub async fn with_health(network: Network, incoming: Listener, asked: Signal) {
    let health = HealthReporter::new();
    let status = tonic_health::ServingStatus::Serving;
    health.set_service_status(SERVICE_NAME, status).await;
    let health = HealthServer::new(HealthService::from_health_reporter(health));
    let router = exchange(&network, LONG_PAUSE, &Shutdown::default()).add_service(health);
    returns(broken::for_ever(router, incoming, sigterm(asked)).await);
}

pub async fn tells_only(network: Network, incoming: Listener, asked: Signal) {
    let shutdown = Shutdown::default();
    let router = exchange(&network, PAUSE, &shutdown);
    returns(broken::tells_only(router, incoming, sigterm(asked), shutdown).await);
}

pub async fn drops(network: Network, incoming: Listener, asked: Signal) {
    let router = exchange(&network, PAUSE, &Shutdown::default());
    returns(broken::drops(router, incoming, sigterm(asked)).await);
}

pub async fn in_order(network: Network, incoming: Listener, asked: Signal) {
    in_order_with(PAUSE, network, incoming, asked).await;
}

async fn in_order_with(pause: Duration, network: Network, incoming: Listener, asked: Signal) {
    let shutdown = Shutdown::default();
    let router = exchange(&network, pause, &shutdown);
    match fixed::serve(router, incoming, sigterm(asked), shutdown).await {
        Ok(End::Late) => info!(step = "late", "the deadline: the process ends"),
        ended => returns(ended.map(|_| ())),
    }
}

/// One of two servers.
pub async fn one(network: Network, incoming: Listener, asked: Signal) {
    in_order_with(SLOW_PAUSE, network, incoming, asked).await;
}

/// The other one, which goes on.
pub fn two(network: &Network) -> HostRouter {
    exchange(network, SLOW_PAUSE, &Shutdown::default())
}

pub fn with_age(network: &Network) -> HostRouter {
    let exchange = Exchange::opens(ODD_PAUSE, Shutdown::default());
    Server::builder()
        .max_connection_age(AGE)
        .layer(network.layer())
        .add_service(StockServiceServer::new(exchange.clone()))
        .add_service(GreeterServiceServer::new(exchange))
}

pub fn with_grace(network: &Network) -> HostRouter {
    let exchange = Exchange::opens(ODD_PAUSE, Shutdown::default());
    Server::builder()
        .max_connection_age(AGE)
        .max_connection_age_grace(GRACE)
        .layer(network.layer())
        .add_service(StockServiceServer::new(exchange.clone()))
        .add_service(GreeterServiceServer::new(exchange))
}

fn exchange(network: &Network, pause: Duration, shutdown: &Shutdown) -> HostRouter {
    let exchange = Exchange::opens(pause, shutdown.clone());
    Server::builder()
        .layer(network.layer())
        .add_service(StockServiceServer::new(exchange.clone()))
        .add_service(GreeterServiceServer::new(exchange))
}

/// The scene's signal, or the end of the scene if that comes first.
fn sigterm(asked: Signal) -> Signal {
    Box::pin(async {
        tokio::select! {
            biased;
            () = asked => {}
            () = sleep(SIGTERM) => {}
        }
        info!(step = "sigterm", "SIGTERM");
    })
}

fn returns(served: Result<(), Error>) {
    match served {
        Ok(()) => info!(step = "returns", "serve returns: the process ends"),
        Err(error) => info!(step = "fails", "serve fails: {error}"),
    }
}
