//! Lesson 18, resume: a channel connects again by itself, and a stream does not.

mod account;
mod attempts;
mod backoff;
mod check;
mod client;
mod codes;
mod days;
mod exercise;
mod follow;
mod herd;
mod inbox;
mod jitter;
mod log;
mod operator;
mod received;
mod retry;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::Code;
use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::events::event_service_server::{EventServiceServer, SERVICE_NAME};
use workbook::{HostRouter, Lesson, Live, Network, Scene};

use attempts::{any, from_behind_last, from_every_fifth, from_last, from_start, only_unavailable};
use days::{CLOSING, SHORT, SLOW, STORED, growing};
use herd::{full_jitter, without_jitter};
use log::Log;
use received::Received;
use subject::SUBJECT;

const FAULTS: &str = "only the lab can break a connection at a given time";
const TIMERS: &str = "on the real clock the timers of client and server race";

fn main() -> ExitCode {
    Lesson::new("18_resume", "resume", &[SERVICE_NAME], short, || {
        check::check(SUBJECT)
    })
    .grpcurl(&[
        r#"-d '{"from":"4"}' ADDR events.v1.EventService/Follow"#,
        r#"-d '{"from":"1"}' ADDR events.v1.EventService/Follow"#,
        "ADDR events.v1.EventService/GetSnapshot",
    ])
    .scene(
        Scene::with_cast("broken", "a channel connects again, a stream does not")
            .client("client", client::restarted)
            .client("operator", operator::restarts)
            .server("server", stored)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(of_cuts(
        "start",
        "calls again from the start",
        (from_start, any),
    ))
    .scene(of_cuts(
        "unavailable",
        "calls again only on Unavailable",
        (from_behind_last, only_unavailable),
    ))
    .scene(of_cuts(
        "last",
        "calls again from the last event",
        (from_last, any),
    ))
    .scene(of_cuts(
        "fifth",
        "notes every fifth position",
        (from_every_fifth, any),
    ))
    .scene(of_cuts(
        "behind",
        "calls again from behind the last event",
        (from_behind_last, any),
    ))
    .scene(
        Scene::with_cast("codes", "which code for which cause")
            .client("client", codes::by_cause)
            .server_at("server", |network| several(network, STORED))
            .server_at("closing", |network| several(network, CLOSING))
            .server_at("growing", |network| several(network, growing()))
            .elide_after(ELIDED)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(
        Scene::with_cast("goaway", "the first call after a GOAWAY")
            .client("client", codes::goaway)
            .server("server", stored)
            .elide_after(ELIDED)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(of_herd(
        "herd",
        "a hundred clients without jitter",
        without_jitter,
    ))
    .scene(of_herd(
        "jitter",
        "a hundred clients with full jitter",
        full_jitter,
    ))
    .scene(
        Scene::with_cast("fixed", "a follower through all of it")
            .client("client", client::whole)
            .client("operator", operator::everything)
            .server("server", || serve(SLOW))
            .elide_after(ELIDED_LATER)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(
        Scene::with_cast("budget", "a server that does not come back")
            .client("client", client::whole)
            .client("operator", operator::crash)
            .server("server", stored)
            .elide_after(ELIDED_LATER)
            .live(Live::LabOnly(FAULTS)),
    )
    .scene(of_death(
        "early",
        "the position is noted first",
        async |network| client::dies(network, account::note_early).await,
    ))
    .scene(of_death(
        "late",
        "the position is noted last",
        async |network| client::dies(network, account::note_late).await,
    ))
    .scene(of_death(
        "together",
        "booked and noted in one write",
        async |network| client::dies(network, account::note_together).await,
    ))
    .scene(of_absence(
        "back",
        "back after 200 ms: nothing is missing",
        200,
    ))
    .scene(of_absence(
        "gone",
        "back after 600 ms: the position is gone",
        600,
    ))
    .scene(Scene::new("whole", "the log as it is", short, client::whole_of_any).for_any_server())
    .run()
}

/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 2;

/// The same, where each of the few lines matters.
const ELIDED_LATER: usize = 4;

type Loop = (fn(&Received) -> u64, fn(Code) -> bool);

/// A loop that calls again, on a connection that is cut every 170 ms.
fn of_cuts(name: &'static str, title: &'static str, (position, worth): Loop) -> Scene {
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
fn of_herd(name: &'static str, title: &'static str, spread: herd::Spread) -> Scene {
    Scene::with_cast(name, title)
        .client("clients", move |network| herd::follow(network, spread))
        .client("operator", operator::outage)
        .server("server", || serve(SLOW))
        .elide_after(1)
        .live(Live::LabOnly(FAULTS))
}

/// A program that dies while it books an event.
fn of_death<F>(
    name: &'static str,
    title: &'static str,
    client: impl Fn(Network) -> F + 'static,
) -> Scene
where
    F: Future<Output = workbook::Outcome> + 'static,
{
    Scene::with_cast(name, title)
        .client("client", client)
        .server("server", stored)
        .elide_after(ELIDED)
        .live(Live::LabOnly(TIMERS))
}

/// A client that is away for so long, in milliseconds, while the log grows.
fn of_absence(name: &'static str, title: &'static str, away: u64) -> Scene {
    Scene::with_cast(name, title)
        .client("client", move |network| {
            client::away(network, Duration::from_millis(away))
        })
        .server("server", || serve(growing()))
        .elide_after(ELIDED)
        .live(Live::LabOnly(TIMERS))
}

fn stored() -> Router {
    serve(STORED)
}

fn short() -> Router {
    serve(SHORT)
}

fn serve(log: Log) -> Router {
    Server::builder().add_service(EventServiceServer::new(log))
}

/// One of several servers.
fn several(network: &Network, log: Log) -> HostRouter {
    Server::builder()
        .layer(network.layer())
        .add_service(EventServiceServer::new(log))
}
