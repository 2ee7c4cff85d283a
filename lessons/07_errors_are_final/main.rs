//! Lesson 07, errors are final: what belongs in an answer, what in a status, and why to stop.

mod broken;
mod check;
mod client;
mod directory;
mod exercise;
mod fixed;
mod memory;
mod service;
mod subject;

use std::process::ExitCode;
use std::sync::Arc;

use tonic::transport::Server;
use tonic::transport::server::Router;
use workbook::proto::users::user_service_server::{SERVICE_NAME, UserServiceServer};
use workbook::{Lesson, Live, Scene};

use memory::{Memory, Numbers};
use service::{Create, Users};
use subject::SUBJECT;

const CUTS_CONNECTION: &str = "the scene cuts the connection, which only the lab can do";

fn main() -> ExitCode {
    Lesson::new("07_errors_are_final", "errors are final", &[SERVICE_NAME], fixed, || check::check(SUBJECT))
        .mine(mine)
        .grpcurl(&[
            r#"-d '{"id":1,"name":"Ada","email":"ada@example.com"}{"id":2,"name":"Bob"}' ADDR users.v1.UserService/CreateUsers"#,
            "ADDR users.v1.UserService/GetUserList",
        ])
        .scene(Scene::new("items", "one bad user in a good stream", fixed, client::items).for_any_server())
        .scene(Scene::new("limit", "a message of 4 MiB, and one byte more", fixed, client::limit).elide_after(2))
        .scene(Scene::new("limit_back", "the same limit at the client", wide, client::limit_back).elide_after(2))
        .scene(Scene::new("broken", "a server that goes on after an error", broken, client::oversize).elide_after(2))
        .scene(Scene::new("fixed", "a server that stops at an error", fixed, client::oversize).elide_after(2))
        .scene(Scene::new("codes", "which side chose the code", fixed, client::codes).elide_after(4).live(Live::LabOnly(CUTS_CONNECTION)))
        .scene(Scene::new("twice", "the receipt is lost, the users are stored twice", forgetful, client::lost_receipt).live(Live::LabOnly(CUTS_CONNECTION)))
        .scene(Scene::new("once", "the receipt is lost, the users are stored once", fixed, client::lost_receipt_numbered).live(Live::LabOnly(CUTS_CONNECTION)))
        .run()
}

fn broken() -> Router {
    serve(Create::GoesOn, Numbers::FromTheCaller)
}

fn fixed() -> Router {
    serve(Create::Stops, Numbers::FromTheCaller)
}

/// A directory that assigns the ids itself, so it cannot recognise a user that is sent again.
fn forgetful() -> Router {
    serve(Create::Stops, Numbers::GivenHere)
}

/// A server that reads longer messages than its clients do by default.
fn wide() -> Router {
    const MAX_REQUEST_BYTES: usize = 8 * 1024 * 1024;
    let directory = Arc::new(Memory::new(Numbers::FromTheCaller));
    let create = Create::Stops;
    let users = UserServiceServer::new(Users { directory, create });
    Server::builder().add_service(users.max_decoding_message_size(MAX_REQUEST_BYTES))
}

fn serve(create: Create, numbers: Numbers) -> Router {
    let directory = Arc::new(Memory::new(numbers));
    Server::builder().add_service(UserServiceServer::new(Users { directory, create }))
}

fn mine() -> Router {
    let directory = Arc::new(Memory::new(Numbers::FromTheCaller));
    let create = Create::Mine;
    Server::builder().add_service(UserServiceServer::new(Users { directory, create }))
}
