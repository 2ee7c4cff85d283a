//! The servers of the scenes.

use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::forum::forum_service_server::ForumServiceServer;
use workbook::{HostRouter, Network};

use super::broken::Buffered;
use super::hub::Hub;
use super::in_process::InProcess;
use super::jitter::Jitter;
use super::lab_broker::LabBroker;
use super::service::Service;

/// The least age of a stream in the scene about it.
const AGE: Duration = Duration::from_secs(30);
/// The seed of its jitter: the same ages in every run.
const SEED: u64 = 26;

fn served(network: &Network, service: Service) -> HostRouter {
    Server::builder()
        .layer(network.layer())
        .add_service(ForumServiceServer::new(service))
}

fn name(network: &Network) -> String {
    network.host().to_string()
}

/// Rooms of its own.
pub fn alone(network: &Network) -> HostRouter {
    served(network, Service::new(name(network), InProcess::default()))
}

/// Rooms that the broker keeps.
pub fn brokered(network: &Network) -> HostRouter {
    let rooms = Hub::new(LabBroker::new(network));
    served(network, Service::new(name(network), rooms))
}

/// The same, and no stream grows old.
pub fn aging(network: &Network) -> HostRouter {
    let rooms = Hub::new(LabBroker::new(network));
    let service = Service::new(name(network), rooms).with_age(AGE, Jitter::new(SEED));
    served(network, service)
}

/// Says OK before the broker does.
pub fn buffered(network: &Network) -> HostRouter {
    let rooms = Buffered::new(LabBroker::new(network));
    served(network, Service::new(name(network), rooms))
}

/// For grpcurl.
pub fn one() -> Router {
    let service = Service::new("one", InProcess::default());
    Server::builder().add_service(ForumServiceServer::new(service))
}
