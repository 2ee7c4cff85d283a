//! Lesson 23, chat room: TODO: what the lesson is about, in one line.

mod check;
mod client;
mod exercise;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status};
use tracing::info;
use workbook::proto::greeter::greeter_service_server::{
    GreeterService, GreeterServiceServer, SERVICE_NAME,
};
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};
use workbook::{Lesson, Scene};

use subject::SUBJECT;

fn main() -> ExitCode {
    Lesson::new(
        "23_chat_room",
        "chat room",
        // What reflection offers, and `grpcurl … list` prints.
        &[SERVICE_NAME],
        server,
        || check::check(SUBJECT),
    )
    .mine(|| Server::builder().add_routes(SUBJECT()))
    .grpcurl(&[
        r#"-d '{"name":"Ada"}' ADDR greeter.v1.GreeterService/SayHi"#,
        "ADDR greeter.v1.GreeterService/SayHi",
    ])
    // TODO: the scenes. Say how each behaves live, if it is not the same: `.live(…)`.
    .scene(Scene::new("first", "a request and its reply", server, client::first).for_any_server())
    .run()
}

fn server() -> Router {
    Server::builder().add_service(GreeterServiceServer::new(Greeter))
}

// ANCHOR: server
struct Greeter;

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        info!("SayHi({name:?})");
        if name.is_empty() {
            return Err(Status::invalid_argument("name must not be empty"));
        }
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}
// ANCHOR_END: server
