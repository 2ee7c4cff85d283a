//! The servers that tests are run against: sound ones, and one for each promise that breaks it. More are in `check/others.rs`.

use std::time::Duration;

use tonic::transport::Server;
use workbook::lab::{CLIENT, Lab, SERVER};
use workbook::proto::stream::stream_service_server::StreamServiceServer;

use super::faulty_calls::{AnswersAtTheEnd, InTurn, StoresWhatCame};
use super::faulty_list::{IgnoresTheDeadline, LeaksATask, QueuesEverything, SwallowsTheError};
use super::service::{Calls, Service, Sound};
use super::sound::{Slow, WithTasks};
use super::station::Station;

/// After how much silence a server asks whether its client is there, and how long it waits for the answer.
pub const KEEPALIVE: Duration = Duration::from_secs(20);
/// One way of a link across an ocean, and how many bytes it holds: it is long, and not narrow.
const FAR: Duration = Duration::from_millis(80);
const HOLDS: usize = 16 * 1024 * 1024;

/// A server that a test can start. Which one it is cannot be seen.
#[derive(Clone, Copy)]
pub struct UnderTest {
    serve: fn(&Lab) -> Station,
}

impl UnderTest {
    /// Serves it in the lab, with the leak meter's layer, and returns its source and its store.
    pub fn serve(&self, lab: &Lab) -> Station {
        (self.serve)(lab)
    }
}

/// A server, and what a finding calls it.
pub type Named = (&'static str, UnderTest);

pub const fn server(name: &'static str, serve: fn(&Lab) -> Station) -> Named {
    (name, UnderTest { serve })
}

/// All are sound. They differ in what no promise is about.
pub const SOUND: [Named; 4] = [
    server("the sound server", |lab| serve(lab, Sound)),
    server("the sound server with tasks", |lab| {
        serve(lab, WithTasks::default())
    }),
    server("the sound server that is slow, with other words", |lab| {
        serve(lab, Slow)
    }),
    server("the sound server, over a link of 80 ms", |lab| {
        let link = lab.link(CLIENT, SERVER);
        link.set_latency(FAR);
        link.set_capacity(HOLDS);
        serve(lab, Sound)
    }),
];

/// In the order of `Promise::ALL`: each breaks the promise at its place.
pub const FAULTY: [Named; 8] = [
    server("the server that stores what came", |lab| {
        serve(lab, StoresWhatCame)
    }),
    server("the server that swallows an error", |lab| {
        serve(lab, SwallowsTheError)
    }),
    server("the server that leaks a task", |lab| serve(lab, LeaksATask)),
    server("the server that queues everything", |lab| {
        serve(lab, QueuesEverything)
    }),
    server("the server that answers at the end", |lab| {
        serve(lab, AnswersAtTheEnd)
    }),
    server("the server that ignores the deadline", |lab| {
        serve(lab, IgnoresTheDeadline)
    }),
    server("the server that serves in turn", |lab| {
        serve(lab, InTurn::default())
    }),
    server("the server without keepalive", |lab| {
        serve_with(lab, Server::builder(), Sound)
    }),
];

pub fn serve(lab: &Lab, calls: impl Calls) -> Station {
    serve_with(lab, watchful(), calls)
}

/// A server that asks whether its clients are there.
pub fn watchful() -> Server {
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE))
}

pub fn serve_with(lab: &Lab, server: Server, calls: impl Calls) -> Station {
    let station = Station::default();
    let service = Service {
        calls,
        station: station.clone(),
    };
    let counted = server.layer(lab.meter().layer());
    lab.serve({ counted }.add_service(StreamServiceServer::new(service)));
    station
}
