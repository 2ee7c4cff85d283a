//! Lesson 01, unary: one request, one reply, and how a call reports a failure.

mod check;
mod exercise;
mod subject;

use std::process::ExitCode;

use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status};
use tracing::info;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::proto::greeter::greeter_service_server::{
    GreeterService, GreeterServiceServer, SERVICE_NAME,
};
use workbook::proto::greeter::{SayHiRequest, SayHiResponse};
use workbook::{Lesson, Network, Outcome, Scene};

use subject::SUBJECT;

fn main() -> ExitCode {
    Lesson::new("01_unary", "unary calls", &[SERVICE_NAME], server, || {
        check::check(SUBJECT)
    })
    .mine(|| Server::builder().add_routes(SUBJECT()))
    .grpcurl(&[
        r#"-d '{"name":"Ada"}' ADDR greeter.v1.GreeterService/SayHi"#,
        "ADDR greeter.v1.GreeterService/SayHi",
    ])
    .scene(
        Scene::new("reply", "a request and its reply", server, reply)
            .shows_opening()
            .for_any_server(),
    )
    .scene(Scene::new("error", "a call that fails", server, error).for_any_server())
    .scene(Scene::new("twice", "two calls on one connection", server, twice).for_any_server())
    .run()
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

fn server() -> Router {
    Server::builder().add_service(GreeterServiceServer::new(Greeter))
}
// ANCHOR_END: server

// ANCHOR: reply
async fn reply(network: Network) -> Outcome {
    let mut client = GreeterServiceClient::new(network.channel().await?);
    info!("SayHi(\"Ada\")");
    let reply = client
        .say_hi(SayHiRequest {
            name: "Ada".to_owned(),
        })
        .await?;
    info!("got {:?}", reply.into_inner().message);
    Ok(())
}
// ANCHOR_END: reply

// ANCHOR: error
async fn error(network: Network) -> Outcome {
    let mut client = GreeterServiceClient::new(network.channel().await?);
    info!("SayHi(\"\")");
    match client
        .say_hi(SayHiRequest {
            name: String::new(),
        })
        .await
    {
        Ok(reply) => info!("got {:?}", reply.into_inner().message),
        Err(status) => {
            let (code, reason) = (status.code(), status.message());
            info!(?code, reason, "failed with {code:?}: {reason}");
        }
    }
    Ok(())
}
// ANCHOR_END: error

// ANCHOR: twice
async fn twice(network: Network) -> Outcome {
    let mut client = GreeterServiceClient::new(network.channel().await?);
    for name in ["Ada", "Grace"] {
        info!("SayHi({name:?})");
        let reply = client
            .say_hi(SayHiRequest {
                name: name.to_owned(),
            })
            .await?;
        info!("got {:?}", reply.into_inner().message);
    }
    Ok(())
}
// ANCHOR_END: twice
