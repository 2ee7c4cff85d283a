//! The scenes of one kind, and the servers of all of them.

use std::time::Duration;

use tonic::Code;
use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::events::event_service_server::EventServiceServer;
use workbook::{HostRouter, Live, Network, Outcome, Scene};

use super::days::{SHORT, SLOW, STORED, growing};
use super::herd::{self, Spread};
use super::log::Log;
use super::received::Received;
use super::{away, client, operator};

pub const FAULTS: &str = "only the lab can break a connection at a given time";
const TIMERS: &str = "on the real clock the timers of client and server race";

/// Frames and lines that differ only in numbers are shown this often.
pub const ELIDED: usize = 2;

/// The same, where each of the few lines matters.
pub const ELIDED_LATER: usize = 4;

pub type Loop = (fn(&Received) -> u64, fn(Code) -> bool);

/// A loop that calls again, on a connection that is cut every 170 ms.
pub fn of_cuts(name: &'static str, title: &'static str, (position, worth): Loop) -> Scene {
    Scene::with_cast(name, title)
        .client("client", move |network| {
            client::attempts(network, position, worth)
        })
        .client("operator", operator::cuts)
        .server("server", stored)
        .elide_after(ELIDED)
        .live(Live::LabOnly(FAULTS))
}

/// A hundred clients whose server is away for two seconds.
pub fn of_herd(name: &'static str, title: &'static str, spread: Spread) -> Scene {
    Scene::with_cast(name, title)
        .client("clients", move |network| herd::follow(network, spread))
        .client("operator", operator::outage)
        .server("server", || serve(SLOW))
        .elide_after(1)
        .live(Live::LabOnly(FAULTS))
}

/// A program that dies while it books an event.
pub fn of_death<F>(
    name: &'static str,
    title: &'static str,
    client: impl Fn(Network) -> F + 'static,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("client", client)
        .server("server", stored)
        .elide_after(ELIDED)
        .live(Live::LabOnly(TIMERS))
}

/// A client that is away for so long, in milliseconds, while the log grows.
pub fn of_absence(name: &'static str, title: &'static str, away: u64) -> Scene {
    Scene::with_cast(name, title)
        .client("client", move |network| {
            away::away(network, Duration::from_millis(away))
        })
        .server("server", || serve(growing()))
        .elide_after(ELIDED)
        .live(Live::LabOnly(TIMERS))
}

pub fn stored() -> Router {
    serve(STORED)
}

pub fn short() -> Router {
    serve(SHORT)
}

pub fn serve(log: Log) -> Router {
    Server::builder().add_service(EventServiceServer::new(log))
}

/// One of several servers.
pub fn several(network: &Network, log: Log) -> HostRouter {
    Server::builder()
        .layer(network.layer())
        .add_service(EventServiceServer::new(log))
}
