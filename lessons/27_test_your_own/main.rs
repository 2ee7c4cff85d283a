//! Lesson 27, test your own: a test that passes for a server that leaks, and tests that see faults.

mod check;
mod deadline;
mod exercise;
mod faulty_calls;
mod faulty_list;
mod promise;
mod servers;
mod service;
mod sound;
mod station;
mod subject;

use std::process::ExitCode;

use tonic::transport::server::Router;
use workbook::proto::stream::stream_service_server::{SERVICE_NAME, StreamServiceServer};
use workbook::{Lesson, Live, Scene};

use service::{Service, Sound};
use station::Station;
use subject::SUBJECT;

fn main() -> ExitCode {
    Lesson::new(
        "27_test_your_own",
        "test your own",
        &[SERVICE_NAME],
        sound_server,
        || check::check(SUBJECT),
    )
    .run()
}

fn sound_server() -> Router {
    servers::watchful().add_service(StreamServiceServer::new(Service {
        calls: Sound,
        station: Station::default(),
    }))
}
