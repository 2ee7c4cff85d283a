//! Lesson 27, test your own: a test that passes for a server that leaks, and tests that see faults.

mod asks;
mod broken;
mod check;
mod client;
mod deadline;
mod exercise;
mod faulty_calls;
mod faulty_list;
mod faulty_more;
mod fixed;
mod ladder;
mod promise;
mod reconnect;
mod servers;
mod service;
mod sound;
mod station;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::lab::{CLIENT, SERVER};
use workbook::proto::stream::stream_service_server::{SERVICE_NAME, StreamServiceServer};
use workbook::{HostRouter, Lesson, Live, Network, Outcome, Scene};

use faulty_calls::AnswersAtTheEnd;
use faulty_list::LeaksATask;
use servers::watchful;
use service::{Calls, Service, Sound};
use sound::WithTasks;
use station::Station;
use subject::SUBJECT;

const METER: Live = Live::LabOnly("only the lab counts what is alive");
const FAULTS: Live = Live::LabOnly("only the lab's links have faults");
const HOUR: Live = Live::LabOnly("it waits for minutes, which only the lab's clock can skip");

/// Lines and frames that differ only in numbers are shown this often.
const ELIDED: usize = 2;
/// More than the attempts of a client that connects again.
const ATTEMPTS: usize = 10;

fn main() -> ExitCode {
    Lesson::new(
        "27_test_your_own",
        "test your own",
        &[SERVICE_NAME],
        sound,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"pt":{"name":"three","value":3}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"pt":{"name":"breaks","value":-3}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"pt":{"name":"one","value":1}}' ADDR stream.v1.StreamService/Record"#,
    ])
    .scene(of(
        "broken",
        "a test that passes for a server that leaks",
        client::passes,
        |network| at(network, watchful(), LeaksATask),
        METER,
    ))
    .scene(of(
        "fixed",
        "a test that counts what is alive",
        client::meter,
        |network| at(network, watchful(), LeaksATask),
        METER,
    ))
    .scene(of(
        "sound",
        "the same test, and a server that does not leak",
        client::meter,
        |network| at(network, watchful(), WithTasks::default()),
        METER,
    ))
    .scene(of(
        "ladder",
        "a client that does not read, at three rungs",
        ladder::unread,
        |network| at(network, Server::builder(), WithTasks::default()),
        HOUR,
    ))
    .scene(of(
        "timeout",
        "a timeout, at two rungs",
        ladder::timeout,
        |network| at(network, Server::builder(), Sound),
        HOUR,
    ))
    .scene(of(
        "everywhere",
        "three faults, each at four points of a call",
        client::everywhere,
        |network| at(network, Server::builder(), Sound),
        FAULTS,
    ))
    .scene(of(
        "keepalive",
        "the same, and a server that asks whether its client is there",
        client::everywhere,
        |network| at(network, watchful(), Sound),
        FAULTS,
    ))
    .scene(
        of(
            "backoff",
            "a client that connects again, in virtual time",
            client::backoff,
            |network| at(network, watchful(), Sound),
            FAULTS,
        )
        // All attempts, because their times are what it shows.
        .elide_after(ATTEMPTS),
    )
    .scene(of(
        "stall",
        "a stall is a failure with a reason",
        client::stall,
        |network| at(network, Server::builder(), AnswersAtTheEnd),
        HOUR,
    ))
    .scene(Scene::new("reads", "three points and the end", sound, client::reads).for_any_server())
    .run()
}

/// A scene with a test and a server.
fn of<F>(
    name: &'static str,
    title: &'static str,
    test: fn(Network) -> F,
    server: fn(&Network) -> HostRouter,
    live: Live,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client(CLIENT, test)
        .server_at(SERVER, server)
        .elide_after(ELIDED)
        .live(live)
}

/// A server whose handlers and response streams the leak meter counts.
fn at(network: &Network, server: Server, calls: impl Calls) -> HostRouter {
    let mut server = server.layer(network.layer());
    server.add_service(service(calls))
}

fn sound() -> Router {
    watchful().add_service(service(Sound))
}

fn service<C: Calls>(calls: C) -> StreamServiceServer<Service<C>> {
    StreamServiceServer::new(Service {
        calls,
        station: Station::default(),
    })
}
