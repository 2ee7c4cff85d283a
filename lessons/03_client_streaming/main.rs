//! Lesson 03, client streaming: many requests, one reply. A message that is sent has not been read yet.

mod check;
mod chunks;
mod client;
mod exercise;
mod files;
mod record;
mod subject;

use std::process::ExitCode;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::files::file_service_server::{self, FileServiceServer};
use workbook::proto::stream::stream_service_server::{self, StreamServiceServer};
use workbook::{Lesson, Live, Scene};

use chunks::CHUNK;
use files::Files;
use record::Recorder;
use subject::SUBJECT;

const SERVICES: [&str; 2] = [
    stream_service_server::SERVICE_NAME,
    file_service_server::SERVICE_NAME,
];

/// The largest file that the server accepts, in bytes. It counts the bytes and stores none, so this
/// bounds only for how long one call may keep it busy.
const MOST_BYTES: usize = 64 * 1024 * 1024;

const IN_FLIGHT: &str = "over TCP a refusal takes time to arrive, and the number of chunks sent \
                         meanwhile differs from run to run";

fn main() -> ExitCode {
    Lesson::new(
        "03_client_streaming",
        "client streaming",
        &SERVICES,
        server,
        || check::check(SUBJECT),
    )
    .grpcurl(&[
        r#"-d '{"pt":{"value":1}}{"pt":{"value":2}}' ADDR stream.v1.StreamService/Record"#,
        r#"-d '{"file_name":"hi.txt","data":"SGkh"}' ADDR files.v1.FileService/UploadFile"#,
    ])
    .scene(Scene::new(
        "record",
        "seven points, one answer",
        slow,
        client::record,
    ))
    .scene(Scene::new("upload", "a file in chunks", server, client::upload).for_any_server())
    .scene(
        Scene::new(
            "refused",
            "the server refuses the third chunk",
            strict,
            client::refused,
        )
        .live(Live::LabOnly(IN_FLIGHT)),
    )
    .scene(
        Scene::new(
            "forgotten",
            "a sender that is never dropped",
            server,
            client::forgotten,
        )
        .live(Live::CutAfter(Duration::from_secs(1))),
    )
    .run()
}

fn server() -> Router {
    with(Duration::ZERO, MOST_BYTES)
}

/// Takes 100 ms for each point.
fn slow() -> Router {
    with(Duration::from_millis(100), MOST_BYTES)
}

/// Accepts two chunks, and refuses the third.
fn strict() -> Router {
    with(Duration::ZERO, 2 * CHUNK)
}

fn with(takes: Duration, most_bytes: usize) -> Router {
    Server::builder()
        .add_service(StreamServiceServer::new(Recorder { takes }))
        .add_service(FileServiceServer::new(Files { most_bytes }))
}
