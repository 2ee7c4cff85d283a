//! A gRPC client: connects, calls, and prints the reply.

use hello_tonic::SayHiRequest;
use hello_tonic::greeter_service_client::GreeterServiceClient;
use tonic::transport::Endpoint;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1);
    let url = url.unwrap_or_else(|| "http://127.0.0.1:50051".to_owned());
    let channel = Endpoint::from_shared(url)?.connect().await?;
    let mut client = GreeterServiceClient::new(channel);

    let request = SayHiRequest {
        name: "Ada".to_owned(),
    };
    let response = client.say_hi(request).await?;
    println!("{}", response.into_inner().message);
    Ok(())
}
