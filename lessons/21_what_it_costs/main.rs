//! Lesson 21, what it costs: what is paid for each call, each message and each round trip.

mod broken;
mod check;
mod client;
mod cost;
mod exercise;
mod files;
mod fixed;
mod points;
mod subject;
mod times;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::files::file_service_server::{self, FileServiceServer};
use workbook::proto::stream::point_service_server::{self, PointServiceServer};
use workbook::{Lesson, Live, Network, Outcome, Scene};

use files::Files;
use points::Points;
use subject::SUBJECT;

const FAR: &str = "a loopback connection has no latency, and nothing there counts frames";
/// Frames and lines that differ only in numbers are shown this often.
const ELIDED: usize = 2;
/// The lines of a table are shown all: one for each size of chunks.
const TABLE: usize = 4;

fn main() -> ExitCode {
    Lesson::new(
        "21_what_it_costs",
        "what it costs",
        &[
            point_service_server::SERVICE_NAME,
            file_service_server::SERVICE_NAME,
        ],
        server,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"points":[{"value":1},{"value":2}]}' ADDR stream.v1.PointService/Put"#,
        r#"-d '{"points":[{"value":1}]}{"points":[{"value":2}]}' ADDR stream.v1.PointService/PutAll"#,
        "-d '{}' ADDR stream.v1.PointService/Put",
    ])
    .scene(far("broken", "a call for each point", broken::calls, ELIDED))
    .scene(far("concurrent", "the same calls, 100 at once", fixed::concurrent, ELIDED))
    .scene(far("calls_of_100", "a call for each 100 points", fixed::calls_of_100, ELIDED))
    .scene(far("stream", "a stream, a message for each point", fixed::one_stream, ELIDED))
    .scene(far("one_by_one", "the same, and a point a millisecond", fixed::one_by_one, ELIDED))
    .scene(far("tens", "a stream, a message for each 10 points", fixed::tens, ELIDED))
    .scene(far("hundreds", "a stream, a message for each 100 points", fixed::hundreds, ELIDED))
    .scene(far("small_window", "a file in four sizes of chunks, with HTTP/2's own window", broken::small_window, TABLE))
    .scene(far("window", "the same with tonic's window", fixed::tonics_window, TABLE))
    .scene(far("adaptive", "the same with a window that grows", fixed::adaptive, TABLE))
    .scene(Scene::new("anywhere", "two batches in one stream", server, fixed::anywhere).for_any_server())
    .run()
}

/// A scene in which the server is far away.
fn far<F>(
    name: &'static str,
    title: &'static str,
    client: fn(Network) -> F,
    elide_after: usize,
) -> Scene
where
    F: Future<Output = Outcome> + 'static,
{
    Scene::new(name, title, server, client)
        .elide_after(elide_after)
        .live(Live::LabOnly(FAR))
}

fn server() -> Router {
    Server::builder()
        .add_service(PointServiceServer::new(Points))
        .add_service(FileServiceServer::new(Files))
}
