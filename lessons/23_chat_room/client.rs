//! The client of each scene.

use tracing::info;
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;
use workbook::{Network, Outcome};

// ANCHOR: first
pub async fn first(network: Network) -> Outcome {
    let mut client = GreeterServiceClient::new(network.channel().await?);
    let name = "Ada".to_owned();
    info!("SayHi({name:?})");
    let reply = client.say_hi(SayHiRequest { name }).await?.into_inner();
    // The field is what a fact reads; the words are for people.
    info!(reply = reply.message, "got {:?}", reply.message);
    Ok(())
}
// ANCHOR_END: first
