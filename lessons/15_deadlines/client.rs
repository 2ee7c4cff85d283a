//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tracing::info;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};
use workbook::{Failure, Network, Outcome};

use super::broken;
use super::fixed::{Deadline, within_total};
use super::limits::{AWAY, TIMEOUT, TOTAL, WINDOW};
use super::numbers::Item;

// ANCHOR: broken
pub async fn three_timeouts(network: Network) -> Outcome {
    let channel = network
        .channel_with(|endpoint| endpoint.timeout(TIMEOUT))
        .await?;
    let mut client = StreamServiceClient::new(channel);
    info!(timeout_ms = 250, "List, timeout 250 ms");
    let mut numbers = broken::list_with_timeout(&mut client, ask("steady"), TIMEOUT).await?;
    while let Some(number) = numbers.message().await? {
        log_number(&number);
    }
    info!(step = "end", "the end");
    Ok(())
}
// ANCHOR_END: broken

pub async fn renewed(network: Network) -> Outcome {
    let numbers = connected(&network)
        .await?
        .list(ask("steady"))
        .await?
        .into_inner();
    match broken::read_with_timeouts(numbers, TIMEOUT).await {
        Ok(count) => info!(count, "got {count}"),
        Err(status) => log_failure(&status),
    }
    Ok(())
}

pub async fn unary(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    info!(timeout_ms = 250, "Record, timeout 250 ms");
    if let Err(status) = record(&mut client, TIMEOUT).await {
        log_failure(&status);
    }
    // Long enough to see what the server still does.
    sleep(TIMEOUT).await;
    Ok(())
}

// ANCHOR: deadline
pub async fn deadline(network: Network) -> Outcome {
    let numbers = connected(&network)
        .await?
        .list(ask("steady"))
        .await?
        .into_inner();
    read(within_total(numbers, TOTAL)).await;
    // Long enough to see that no more numbers come.
    sleep(TIMEOUT).await;
    Ok(())
}
// ANCHOR_END: deadline

pub async fn steady(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    read(client.list(ask("steady")).await?.into_inner()).await;
    Ok(())
}

pub async fn steady_and_pause(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    read(client.list(ask("steady")).await?.into_inner()).await;
    info!(step = "asks_for_a_pause", "List again, with a pause");
    read(client.list(ask("pause")).await?.into_inner()).await;
    Ok(())
}

// ANCHOR: hand_on
pub async fn hand_on(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let deadline = Deadline::after(Duration::from_millis(600));
    for call in ["first", "second"] {
        info!(call, "the {call} call");
        if let Err(status) = record(&mut client, deadline.left()).await {
            log_failure(&status);
        }
    }
    Ok(())
}
// ANCHOR_END: hand_on

// ANCHOR: unread
/// Opens a stream, does not read it for an hour, and then reads it to its end.
pub async fn unread(network: Network) -> Outcome {
    let channel = network
        .channel_with(|endpoint| endpoint.initial_stream_window_size(WINDOW))
        .await?;
    let mut client = StreamServiceClient::new(channel);
    let numbers = client.list(ask("steady")).await?.into_inner();
    info!(step = "does_not_read", "does not read");
    sleep(AWAY).await;
    info!(step = "reads", "reads");
    read(numbers).await;
    Ok(())
}
// ANCHOR_END: unread

async fn record(client: &mut StreamServiceClient<Channel>, limit: Duration) -> Result<(), Status> {
    let mut request = Request::new(stream::empty());
    request.set_timeout(limit);
    client.record(request).await.map(drop)
}

async fn read(numbers: impl futures::Stream<Item = Item>) {
    let mut numbers = std::pin::pin!(numbers);
    while let Some(number) = numbers.next().await {
        match number {
            Ok(number) => log_number(&number),
            Err(status) => return log_failure(&status),
        }
    }
    info!(step = "end", "the end");
}

fn ask(name: &str) -> StreamRequest {
    let pt = Some(StreamPoint {
        name: name.to_owned(),
        value: 0,
    });
    StreamRequest { pt }
}

fn log_number(number: &StreamResponse) {
    let number = number.pt.as_ref().map_or(0, |pt| pt.value);
    info!(number, "got {number}");
}

fn log_failure(status: &Status) {
    info!(
        code = ?status.code(),
        "{:?}: {}",
        status.code(),
        status.message()
    );
}

async fn connected(network: &Network) -> Result<StreamServiceClient<Channel>, Failure> {
    Ok(StreamServiceClient::new(network.channel().await?))
}
