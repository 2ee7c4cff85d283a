//! Lesson 11, the frozen neighbour: unread streams use up the window of their connection, and every
//! other call of that connection waits.

mod broken;
mod calls;
mod check;
mod client;
mod exercise;
mod files;
mod fixed;
#[allow(
    dead_code,
    reason = "connects the exercise to its server, and the starter does not connect yet"
)]
mod network;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::files::file_service_server::{self, FileServiceServer};
use workbook::proto::greeter::greeter_service_server::{self, GreeterServiceServer};
use workbook::{Lesson, Live, Scene};

use files::{Files, Greeter};
use subject::SUBJECT;

const SERVICES: &[&str] = &[
    file_service_server::SERVICE_NAME,
    greeter_service_server::SERVICE_NAME,
];

const WAITS: &str = "the scene waits for seconds that only the lab's clock can skip";

fn main() -> ExitCode {
    Lesson::new(
        "11_frozen_neighbour",
        "the frozen neighbour",
        SERVICES,
        served,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"file_id":"3"}' ADDR files.v1.FileService/DownloadFile"#,
        r#"-d '{"name":"Ada"}' ADDR greeter.v1.GreeterService/SayHi"#,
    ])
    .scene(
        Scene::new(
            "broken",
            "three unread downloads, and a greeting",
            served,
            client::broken,
        )
        .elide_after(3)
        .live(Live::LabOnly(WAITS)),
    )
    .scene(
        Scene::new(
            "dropped",
            "the client drops one of the downloads",
            served,
            client::dropped,
        )
        .elide_after(3)
        .live(Live::LabOnly(WAITS)),
    )
    .scene(
        Scene::new(
            "fixed",
            "a channel for downloads, a channel for the rest",
            served,
            client::fixed,
        )
        .elide_after(3)
        .for_any_server(),
    )
    .scene(
        Scene::new(
            "wider",
            "a connection window with room for every stream",
            served,
            client::wider,
        )
        .elide_after(3),
    )
    .run()
}

fn served() -> Router {
    Server::builder()
        .add_service(FileServiceServer::new(Files))
        .add_service(GreeterServiceServer::new(Greeter))
}
