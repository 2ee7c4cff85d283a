//! Lesson 09, backpressure: how much is made before anybody has to wait.

mod broken;
mod check;
mod client;
mod exercise;
mod files;
mod fixed;
mod plot;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::files::file_service_server::{FileServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use files::{Files, Make};

/// The window of the *server*: how much it accepts on a stream before it reads. Small, and of no
/// consequence for what it sends.
const SERVER_WINDOW: u32 = 16 * 1024;

const BOTH_SIDES: &str = "it looks at both sides at the same instant";
const COUNTS: &str = "what it counts depends on time, and only the lab's is exact";

fn main() -> ExitCode {
    Lesson::new(
        "09_backpressure",
        "backpressure",
        &[SERVICE_NAME],
        fixed,
        check::check,
    )
    .mine(mine)
    .grpcurl(&[r#"-d '{"file_id":"3"}' ADDR files.v1.FileService/DownloadFile"#])
    .scene(
        Scene::new(
            "windows",
            "made before the maker waits, for four windows",
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
            "a channel without a bound never waits",
            broken,
            client::read_nothing,
        )
        .elide_after(2)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "fixed",
            "a channel of four waits",
            fixed,
            client::read_nothing,
        )
        .elide_after(2)
        .live(Live::LabOnly(COUNTS)),
    )
    .scene(
        Scene::new(
            "ticker",
            "a clock in front of the channel",
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
    serve(Server::builder(), Make::WithoutABound)
}

fn fixed() -> Router {
    serve(Server::builder(), Make::WithABound)
}

fn fixed_small() -> Router {
    serve(
        Server::builder().initial_stream_window_size(SERVER_WINDOW),
        Make::WithABound,
    )
}

fn ticking() -> Router {
    serve(Server::builder(), Make::ByTheClock)
}

fn mine() -> Router {
    serve(exercise::server(Server::builder()), Make::Mine)
}

fn serve(mut server: Server, make: Make) -> Router {
    server.add_service(FileServiceServer::new(Files { make }))
}
