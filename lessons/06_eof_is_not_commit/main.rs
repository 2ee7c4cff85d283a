//! Lesson 06, EOF is not commit: four ways to end an upload look the same to its server.

mod broken;
mod check;
mod client;
mod exercise;
mod fixed;
mod service;
mod store;
mod subject;
mod upload;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::files::file_service_server::{FileServiceServer, SERVICE_NAME};
use workbook::{Lesson, Live, Scene};

use service::{Commit, Files};
use store::Store;
use subject::SUBJECT;

/// A server that receives nothing for this long sends a PING …
const KEEPALIVE: Duration = Duration::from_secs(10);
/// … and closes the connection when no answer arrives within this time.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(5);

const CANCELS_LAST: &str =
    "over TCP the server learns of the cancellation only when the scene is over";
const CUTS_CONNECTION: &str = "the scene cuts the connection, which only the lab can do";

fn main() -> ExitCode {
    Lesson::new("06_eof_is_not_commit", "EOF is not commit", &[SERVICE_NAME], fixed, || check::check(SUBJECT))
        .mine(mine)
        .grpcurl(&[
            r#"-d '{"file_name":"hi.txt","data":"SGkh"}{"finish":{"chunks":1,"sha256":"ylHOH7FazG1puKVwAlYXL8xQfgIHPm8ZWS40G9ZQirg="}}' ADDR files.v1.FileService/UploadFile"#,
            r#"-d '{"file_name":"hi.txt","data":"SGkh"}' ADDR files.v1.FileService/UploadFile"#,
        ])
        .scene(Scene::new("complete", "an upload that ends with finish", fixed, client::complete).for_any_server())
        .scene(Scene::new("cancelled", "the client cancels, the server commits", broken, client::cancelled).live(Live::LabOnly(CANCELS_LAST)))
        .scene(Scene::new("broken", "five ends, commit at None", broken, client::five_ends).live(Live::LabOnly(CUTS_CONNECTION)))
        .scene(Scene::new("fence", "five ends, commit behind a fence", fence, client::five_ends).live(Live::LabOnly(CUTS_CONNECTION)))
        .scene(Scene::new("fixed", "five ends, commit on the last message", fixed, client::five_ends).live(Live::LabOnly(CUTS_CONNECTION)))
        .run()
}

fn broken() -> Router {
    serve(Commit::AtNone)
}

fn fence() -> Router {
    serve(Commit::BehindAFence)
}

fn fixed() -> Router {
    serve(Commit::OnFinish)
}

fn serve(commit: Commit) -> Router {
    let store = Arc::new(Store::temporary());
    server().add_service(FileServiceServer::new(Files { store, commit }))
}

fn mine() -> Router {
    server().add_routes(SUBJECT(Arc::new(Store::temporary())))
}

fn server() -> Server {
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE))
        .http2_keepalive_timeout(Some(KEEPALIVE_TIMEOUT))
}
