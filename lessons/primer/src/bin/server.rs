//! A gRPC server: implements the generated trait, and listens.

use hello_tonic::greeter_service_server::{GreeterService, GreeterServiceServer};
use hello_tonic::{SayHiRequest, SayHiResponse};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

struct Greeter;

#[tonic::async_trait]
impl GreeterService for Greeter {
    async fn say_hi(
        &self,
        request: Request<SayHiRequest>,
    ) -> Result<Response<SayHiResponse>, Status> {
        let name = request.into_inner().name;
        if name.is_empty() {
            return Err(Status::invalid_argument("name must not be empty"));
        }
        let message = format!("Hi, {name}!");
        Ok(Response::new(SayHiResponse { message }))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args().nth(1);
    let address = address.as_deref().unwrap_or("127.0.0.1:50051").parse()?;
    // Without NODELAY, TCP may hold a small message back for 40 ms.
    let incoming = TcpIncoming::bind(address)?.with_nodelay(Some(true));
    println!("listens on {}", incoming.local_addr()?);
    Server::builder()
        .add_service(GreeterServiceServer::new(Greeter))
        .serve_with_incoming(incoming)
        .await?;
    Ok(())
}
