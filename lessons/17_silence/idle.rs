//! A client that makes a call now and then.

use futures::stream;
use tonic::transport::{Channel, Endpoint};
use tracing::info;
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::{Network, Outcome};

use super::client::acme;
use super::fixed;
use super::price_log::log_failure;
use super::times::{BLACK_HOLE, LATER};

pub async fn with_keepalive(network: Network) -> Outcome {
    calls_twice(network, fixed::client_keepalive).await
}

pub async fn with_idle_keepalive(network: Network) -> Outcome {
    calls_twice(network, fixed::idle_keepalive).await
}

/// Two short calls; between them the connection dies, while no call is open.
async fn calls_twice(network: Network, configure: fn(Endpoint) -> Endpoint) -> Outcome {
    let mut client = QuoteServiceClient::new(network.channel_with(configure).await?);
    publish_one(&mut client).await;
    network.sleep(BLACK_HOLE).await;
    if let Some(lab) = network.in_lab() {
        lab.partition();
        lab.repair();
        info!(
            step = "black_hole",
            "this connection is dead, a new one would not be"
        );
    }
    network.sleep(LATER).await;
    publish_one(&mut client).await;
    Ok(())
}

async fn publish_one(client: &mut QuoteServiceClient<Channel>) {
    info!(step = "publishes", "Publish: one price");
    match client.publish(stream::iter([acme()])).await {
        Ok(_) => info!(step = "answered", "the answer, OK"),
        Err(status) => log_failure(&status),
    }
}
