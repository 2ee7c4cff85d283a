//! The clients that expect heartbeats.

use futures::stream;
use tokio::time::{sleep, timeout};
use tracing::info;
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::{Network, Outcome};

use super::client::{black_hole, log_end, log_streams};
use super::fixed;
use super::price_log::log_event;
use super::times::{AN_INSTANT, STAYS};

pub async fn watches(network: Network) -> Outcome {
    let client = QuoteServiceClient::new(network.channel().await?);
    let watches = fixed::watch(client, "ACME");
    let (ended, ()) = futures::join!(watches, black_hole(&network));
    log_end(ended);
    sleep(AN_INSTANT).await;
    log_streams(&network);
    Ok(())
}

/// A server whose handler is stuck, and a client that expects heartbeats.
pub async fn watches_stuck(network: Network) -> Outcome {
    let channel = network.channel_with(fixed::client_keepalive).await?;
    log_end(fixed::watch(QuoteServiceClient::new(channel), "ACME").await);
    Ok(())
}

pub async fn watches_through_proxy(network: Network) -> Outcome {
    let channel = network.channel_to("proxy", |endpoint| endpoint).await?;
    let watches = fixed::watch(QuoteServiceClient::new(channel), "ACME");
    match timeout(STAYS, watches).await {
        Ok(ended) => log_end(ended),
        Err(_) => info!(step = "leaves", "leaves after {} s", STAYS.as_secs()),
    }
    sleep(AN_INSTANT).await;
    Ok(())
}

/// A subscriber that leaves by half-closing.
pub async fn leaves(network: Network) -> Outcome {
    let mut client = QuoteServiceClient::new(network.channel().await?);
    info!(step = "subscribes", "Watch, and no more");
    let mut events = client
        .watch(stream::iter([fixed::subscribe("ACME")]))
        .await?
        .into_inner();
    while let Some(event) = events.message().await? {
        log_event(event);
    }
    info!(step = "end", "the end, OK");
    Ok(())
}
