//! The clients of this lesson's scenes.

use std::future::pending;

use futures::stream::{self, StreamExt as _};
use tokio::time::{sleep, timeout};
use tonic::Status;
use tonic::transport::Endpoint;
use tracing::info;
use workbook::proto::stocks::StockPrice;
use workbook::proto::stocks::quote_service_client::QuoteServiceClient;
use workbook::proto::stocks::stock_service_client::StockServiceClient;
use workbook::{Network, Outcome};

use super::price_log::{log_failure, log_price};
use super::times::{AN_INSTANT, BLACK_HOLE, HOUR, PROXY_INTERVAL, STAYS, TIMEOUT};
use super::{broken, fixed};

pub async fn without_keepalive(network: Network) -> Outcome {
    read_into_black_hole(network, |endpoint| endpoint).await
}

pub async fn with_keepalive(network: Network) -> Outcome {
    read_into_black_hole(network, fixed::client_keepalive).await
}

// ANCHOR: black_hole
async fn read_into_black_hole(network: Network, configure: fn(Endpoint) -> Endpoint) -> Outcome {
    // Held to the end: without it hyper takes a connection with one open stream for idle.
    let channel = network.channel_with(configure).await?;
    let reads = broken::read(StockServiceClient::new(channel.clone()));
    let (ended, ()) = futures::join!(reads, black_hole(&network));
    log_end(ended);
    Ok(())
}
// ANCHOR_END: black_hole

/// The same, and looks after an hour whether the server has found out.
pub async fn with_keepalive_alone(network: Network) -> Outcome {
    with_keepalive(network.clone()).await?;
    network.sleep(HOUR).await;
    log_streams(&network);
    Ok(())
}

// ANCHOR: last_channel
pub async fn without_channel(network: Network) -> Outcome {
    read_without_channel(network, fixed::client_keepalive).await
}

pub async fn without_channel_idle(network: Network) -> Outcome {
    read_without_channel(network, fixed::idle_keepalive).await
}

async fn read_without_channel(network: Network, configure: fn(Endpoint) -> Endpoint) -> Outcome {
    let channel = network.channel_with(configure).await?;
    let mut prices = broken::subscribed(StockServiceClient::new(channel)).await?;
    let reads = async {
        while let Some(price) = prices.message().await? {
            log_price(&price);
        }
        Ok(())
    };
    let (ended, ()) = futures::join!(reads, black_hole(&network));
    log_end(ended);
    Ok(())
}
// ANCHOR_END: last_channel

/// Four prices, and then no more, in a stream that stays open.
pub async fn uploads(network: Network) -> Outcome {
    let channel = network.channel_with(fixed::client_keepalive).await?;
    let mut client = QuoteServiceClient::new(channel);
    let prices = stream::repeat(acme()).take(4).chain(stream::pending());
    info!(step = "uploads", "Publish: four prices, and more to come");
    let (answer, ()) = futures::join!(client.publish(prices), black_hole(&network));
    log_end(answer.map(|_| ()));
    Ok(())
}

pub fn acme() -> StockPrice {
    StockPrice {
        symbol: "ACME".to_owned(),
        ..StockPrice::default()
    }
}

/// From some time on, nothing of what this client sends arrives.
pub async fn one_way(network: Network) -> Outcome {
    let channel = network.channel_with(fixed::client_keepalive).await?;
    let reads = broken::read(StockServiceClient::new(channel.clone()));
    let lost = async {
        network.sleep(BLACK_HOLE).await;
        if let Some(lab) = network.in_lab() {
            lab.link("client", "server").partition_oneway("client");
            info!(
                step = "black_hole",
                "what this client sends is lost from now on"
            );
        }
        pending::<()>().await;
    };
    let both = futures::future::join(reads, lost);
    if timeout(STAYS, both).await.is_err() {
        info!(step = "leaves", "leaves, and has seen no error");
    }
    network.sleep(HOUR).await;
    log_streams(&network);
    Ok(())
}

/// A server whose handler is stuck, on a connection that is well.
pub async fn stuck(network: Network) -> Outcome {
    let channel = network.channel_with(fixed::client_keepalive).await?;
    let reads = broken::read(StockServiceClient::new(channel.clone()));
    if timeout(HOUR, reads).await.is_err() {
        info!(
            step = "leaves",
            "an hour without an answer, and without an error"
        );
    }
    Ok(())
}

pub async fn with_limit(network: Network) -> Outcome {
    let client = StockServiceClient::new(network.channel().await?);
    log_end(broken::read_with_limit(client).await);
    Ok(())
}

pub async fn through_proxy(network: Network) -> Outcome {
    let channel = network.channel_to("proxy", pings_often).await?;
    log_end(broken::read(StockServiceClient::new(channel.clone())).await);
    // The server is told in the same instant.
    sleep(AN_INSTANT).await;
    Ok(())
}

fn pings_often(endpoint: Endpoint) -> Endpoint {
    endpoint
        .http2_keep_alive_interval(PROXY_INTERVAL)
        .keep_alive_timeout(TIMEOUT)
}

pub async fn black_hole(network: &Network) {
    network.sleep(BLACK_HOLE).await;
    if let Some(lab) = network.in_lab() {
        lab.partition();
        info!(step = "black_hole", "nothing crosses the link from now on");
    }
}

pub fn log_end(ended: Result<(), Status>) {
    match ended {
        Ok(()) => info!(step = "end", "the end, OK"),
        Err(status) => log_failure(&status),
    }
}

/// Logs what only the lab can see.
pub fn log_streams(network: &Network) {
    if let Some(lab) = network.in_lab() {
        let streams = lab.meter().census().streams;
        info!(streams, "response streams alive at the server: {streams}");
    }
}
