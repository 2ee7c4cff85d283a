//! Lesson 15, deadlines: which clock ends which part of a call.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod list;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stream::stream_service_server::{SERVICE_NAME, StreamServiceServer};
use workbook::{Lesson, Live, Scene};

use list::{Limit, Numbers};

/// What is set as a timeout.
const LIMIT: Duration = Duration::from_millis(250);
/// How long a whole stream may take at a server that limits it.
const TOTAL: Duration = Duration::from_millis(350);
/// How long a stream may be silent at a server that limits that.
const IDLE: Duration = Duration::from_millis(200);

const CLOSE: &str = "clocks run close together, and over TCP that is a race";

fn main() -> ExitCode {
    Lesson::new(
        "15_deadlines",
        "deadlines",
        &[SERVICE_NAME],
        total,
        check::check,
    )
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
            "a timeout where it works, and a task after it",
            unlimited,
            client::unary,
        )
        .live(Live::LabOnly(CLOSE)),
    )
    .scene(
        Scene::new(
            "renewed",
            "a new timeout for each message is no total",
            unlimited,
            client::renewed,
        )
        .live(Live::LabOnly(CLOSE)),
    )
    .scene(
        Scene::new(
            "fixed",
            "a deadline over the whole stream",
            unlimited,
            client::deadline,
        )
        .live(Live::LabOnly(CLOSE))
        .for_any_server(),
    )
    .scene(
        Scene::new("server", "the same at the server", total, client::steady)
            .live(Live::LabOnly(CLOSE)),
    )
    .scene(
        Scene::new(
            "idle",
            "a limit for silence",
            idle,
            client::steady_and_pause,
        )
        .live(Live::LabOnly(CLOSE)),
    )
    .scene(
        Scene::new(
            "hand_on",
            "the time that is left, handed on",
            unlimited,
            client::hand_on,
        )
        .live(Live::LabOnly(CLOSE)),
    )
    .run()
}

fn unlimited() -> Router {
    serve(Limit::None)
}

/// A server with a timeout of its own, for what it is worth.
fn impatient() -> Router {
    let numbers = StreamServiceServer::new(Numbers { limit: Limit::None });
    Server::builder().timeout(LIMIT).add_service(numbers)
}

fn total() -> Router {
    serve(Limit::Total(TOTAL))
}

fn idle() -> Router {
    serve(Limit::Idle(IDLE))
}

fn serve(limit: Limit) -> Router {
    Server::builder().add_service(StreamServiceServer::new(Numbers { limit }))
}
