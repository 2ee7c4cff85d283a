//! Lesson 05, three ends: a stream that ends, one that fails, and one whose producer panics.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod inline;
mod producer;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::stream::stream_service_server::{SERVICE_NAME, StreamServiceServer};
use workbook::{Lesson, Scene};

use producer::{Ending, Numbers, Replies, produce};
use subject::SUBJECT;

fn main() -> ExitCode {
    Lesson::new(
        "05_three_ends",
        "three ends of a stream",
        &[SERVICE_NAME],
        fixed,
        || check::check(SUBJECT),
    )
    .mine(mine)
    .grpcurl(&[
        r#"-d '{"pt":{"name":"end"}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"pt":{"name":"error"}}' ADDR stream.v1.StreamService/List"#,
        r#"-d '{"pt":{"name":"panic"}}' ADDR stream.v1.StreamService/List"#,
    ])
    .scene(Scene::new("end", "the stream ends", fixed, client::end).for_any_server())
    .scene(Scene::new("error", "the stream fails", fixed, client::error).for_any_server())
    .scene(Scene::new(
        "broken",
        "its producer panics, and the call ends with OK",
        broken,
        client::panic,
    ))
    .scene(Scene::new(
        "fixed",
        "its producer panics, and the client learns of it",
        fixed,
        client::panic,
    ))
    .scene(Scene::new(
        "inline",
        "a stream without a task panics",
        inline,
        client::panic,
    ))
    .scene(Scene::new(
        "readers",
        "a failure and an end, misread",
        fixed,
        client::readers,
    ))
    .run()
}

fn broken() -> Router {
    serve(|ending| broken::spawned(move |replies| produce(ending, replies)))
}

fn fixed() -> Router {
    serve(|ending| fixed::supervised(move |replies| produce(ending, replies)))
}

fn inline() -> Router {
    serve(inline::replies)
}

fn mine() -> Router {
    serve(|ending| {
        (SUBJECT.supervised)(Box::new(move |replies| Box::pin(produce(ending, replies))))
    })
}

fn serve(replies: fn(Ending) -> Replies) -> Router {
    Server::builder().add_service(StreamServiceServer::new(Numbers { replies }))
}
