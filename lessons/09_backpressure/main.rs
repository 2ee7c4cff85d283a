//! Lesson 09, backpressure: how many messages are made before the producer has to wait.

mod broken;
mod check;
mod chunks;
mod client;
mod exercise;
mod files;
mod fixed;
mod plot;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::files::file_service_server::{FileServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use files::{Files, Producer};
use subject::SUBJECT;

/// The window of the *server*: how many bytes of a request stream it accepts before it reads them. It
/// does not limit what the server sends.
const SERVER_WINDOW: u32 = 16 * 1024;

const BOTH_SIDES: &str = "the plot reads the counters of both sides at the same instant";
const COUNTS: &str = "the counts depend on timing, and only the lab's clock is exact";

fn main() -> ExitCode {
    Lesson::new(
        "09_backpressure",
        "backpressure",
        &[SERVICE_NAME],
        fixed,
        || check::check(SUBJECT),
    )
    .mine(mine)
    .grpcurl(&[r#"-d '{"file_id":"3"}' ADDR files.v1.FileService/DownloadFile"#])
    .scene(
        Scene::new(
            "windows",
            "made before the producer waits, for four windows",
            fixed,
            client::windows,
        )
        .shows_opening()
        .elide_after(4)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "wrong_side",
            "the server's window changes nothing",
            fixed_small,
            client::read_nothing,
        )
        .elide_after(2)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "read",
            "twenty read, twenty more made",
            fixed,
            client::read_twenties,
        )
        .elide_after(4)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "broken",
            "an unbounded channel never makes the producer wait",
            broken,
            client::read_nothing,
        )
        .elide_after(2)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "fixed",
            "a channel of four makes the producer wait",
            fixed,
            client::read_nothing,
        )
        .elide_after(2)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "ticker",
            "a ticker in front of the channel",
            ticking,
            client::read_late,
        )
        .elide_after(8)
        .for_any_server()
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "plot",
            "made, delivered and read over time",
            fixed,
            plot::plot,
        )
        .elide_after(20)
        .live(Live::LabOnly(BOTH_SIDES)),
    )
    .run()
}

fn broken() -> Router {
    serve(Server::builder(), Producer::WithoutABound)
}

fn fixed() -> Router {
    serve(Server::builder(), Producer::WithABound)
}

fn fixed_small() -> Router {
    serve(
        Server::builder().initial_stream_window_size(SERVER_WINDOW),
        Producer::WithABound,
    )
}

fn ticking() -> Router {
    serve(Server::builder(), Producer::ByTheClock)
}

fn mine() -> Router {
    serve((SUBJECT.server)(Server::builder()), Producer::Mine)
}

fn serve(mut server: Server, producer: Producer) -> Router {
    server.add_service(FileServiceServer::new(Files { producer }))
}
