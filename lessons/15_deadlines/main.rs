//! Lesson 15, deadlines: which timer ends which part of a call.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod limits;
mod list;
mod numbers;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stream::stream_service_server::{SERVICE_NAME, StreamServiceServer};
use workbook::{Lesson, Live, Scene};

use limits::{IDLE, TIMEOUT, TOTAL};
use list::{Limit, Numbers};

const RACE: &str = "timers fire close together, and over TCP their order is a race";

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
    .run()
}

fn unlimited() -> Router {
    serve(Limit::None)
}

/// A server with a timeout of its own, which does not limit the stream either.
fn impatient() -> Router {
    let numbers = StreamServiceServer::new(Numbers { limit: Limit::None });
    Server::builder().timeout(TIMEOUT).add_service(numbers)
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
