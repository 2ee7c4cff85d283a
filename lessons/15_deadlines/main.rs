//! Lesson 15, deadlines: which timer ends which part of a call.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod limits;
mod list;
mod numbers;
mod produced;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stream::stream_service_server::{SERVICE_NAME, StreamServiceServer};
use workbook::{Lesson, Live, Scene};

use limits::{AGE, IDLE, KEEPALIVE, TIMEOUT, TOTAL};
use list::{Limit, Numbers};
use subject::SUBJECT;

const HOUR: &str = "the client does not read for an hour, which only the lab's clock can skip";
const RACE: &str = "timers fire close together, and over TCP their order is a race";

fn main() -> ExitCode {
    Lesson::new("15_deadlines", "deadlines", &[SERVICE_NAME], total, || {
        check::check(SUBJECT)
    })
    .grpcurl(&[
        r#"-d '{"pt":{"name":"steady"}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"pt":{"name":"pause"}}' ADDR stream.v1.StreamService/List"#,
    ])
    .scene(Scene::new(
        "broken",
        "three timeouts of 250 ms, and ten messages",
        impatient,
        client::three_timeouts,
    ))
    .scene(
        Scene::new(
            "unary",
            "a timeout that works, and a task that outlives it",
            unlimited,
            client::unary,
        )
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "renewed",
            "a new timeout for each message is not a total",
            unlimited,
            client::renewed,
        )
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "fixed",
            "a deadline for the whole stream",
            unlimited,
            client::deadline,
        )
        .live(Live::LabOnly(RACE))
        .for_any_server(),
    )
    .scene(
        Scene::new("server", "the same at the server", total, client::steady)
            .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "idle",
            "a limit on the silence between two numbers",
            idle,
            client::steady_and_pause,
        )
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "hand_on",
            "the time left, passed on to the next call",
            unlimited,
            client::hand_on,
        )
        .live(Live::LabOnly(RACE)),
    )
    .scene(
        Scene::new(
            "unread",
            "a limit on a stream that the client does not read",
            unread,
            client::unread,
        )
        .live(Live::LabOnly(HOUR)),
    )
    .scene(
        Scene::new(
            "freed",
            "a task drops the producer in time; the call stays open",
            freed,
            client::unread,
        )
        .live(Live::LabOnly(HOUR)),
    )
    .scene(
        Scene::new(
            "cut",
            "only the end of the connection ends the call",
            cut,
            client::unread,
        )
        .live(Live::LabOnly(HOUR)),
    )
    .run()
}

fn unlimited() -> Router {
    serve(Limit::None)
}

/// A server with a timeout of its own, which does not limit the stream either.
fn impatient() -> Router {
    Server::builder()
        .timeout(TIMEOUT)
        .add_service(service(Limit::None, false))
}

fn total() -> Router {
    serve(Limit::Total(TOTAL))
}

fn idle() -> Router {
    serve(Limit::Idle(IDLE))
}

fn serve(limit: Limit) -> Router {
    Server::builder().add_service(service(limit, false))
}

/// With a keepalive, which a client that does not read answers all the same.
fn unread() -> Router {
    watchful().add_service(service(Limit::Total(TOTAL), true))
}

fn freed() -> Router {
    watchful().add_service(service(Limit::Produced(TOTAL), true))
}

/// Closes each connection when its age and its grace have passed, with whatever calls are open on it.
fn cut() -> Router {
    let (age, grace) = AGE;
    Server::builder()
        .max_connection_age(age)
        .max_connection_age_grace(grace)
        .add_service(service(Limit::Produced(TOTAL), true))
}

fn watchful() -> Server {
    let (interval, patience) = KEEPALIVE;
    Server::builder()
        .http2_keepalive_interval(Some(interval))
        .http2_keepalive_timeout(Some(patience))
}

fn service(limit: Limit, logs_drops: bool) -> StreamServiceServer<Numbers> {
    StreamServiceServer::new(Numbers { limit, logs_drops })
}
