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

use super::fixed::{Deadline, within_total};
use super::list::Item;
use super::{LIMIT, TOTAL, broken};

// ANCHOR: broken
pub async fn three_timeouts(network: Network) -> Outcome {
    let channel = network
        .channel_with(|endpoint| endpoint.timeout(LIMIT))
        .await?;
    let mut client = StreamServiceClient::new(channel);
    info!("List, 250 ms");
    let mut numbers = broken::list_with_timeout(&mut client, ask("steady"), LIMIT).await?;
    while let Some(number) = numbers.message().await? {
        say_number(&number);
    }
    info!("the end");
    Ok(())
}
// ANCHOR_END: broken

pub async fn renewed(network: Network) -> Outcome {
    let numbers = connected(&network)
        .await?
        .list(ask("steady"))
        .await?
        .into_inner();
    match broken::read_with_timeouts(numbers, LIMIT).await {
        Ok(count) => info!("got {count}"),
        Err(status) => say_failure(&status),
    }
    Ok(())
}

pub async fn unary(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    info!("Record, 250 ms");
    if let Err(status) = record(&mut client, LIMIT).await {
        say_failure(&status);
    }
    // Time to see what goes on.
    sleep(LIMIT).await;
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
    // Time to see that nothing more comes.
    sleep(LIMIT).await;
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
    info!("and one with a pause");
    read(client.list(ask("pause")).await?.into_inner()).await;
    Ok(())
}

// ANCHOR: hand_on
pub async fn hand_on(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let deadline = Deadline::after(Duration::from_millis(600));
    for part in ["first", "second"] {
        info!("the {part} part");
        if let Err(status) = record(&mut client, deadline.left()).await {
            say_failure(&status);
        }
    }
    Ok(())
}
// ANCHOR_END: hand_on

async fn record(client: &mut StreamServiceClient<Channel>, limit: Duration) -> Result<(), Status> {
    let mut request = Request::new(stream::empty());
    request.set_timeout(limit);
    client.record(request).await.map(drop)
}

async fn read(numbers: impl futures::Stream<Item = Item>) {
    let mut numbers = std::pin::pin!(numbers);
    while let Some(number) = numbers.next().await {
        match number {
            Ok(number) => say_number(&number),
            Err(status) => return say_failure(&status),
        }
    }
    info!("the end");
}

fn ask(name: &str) -> StreamRequest {
    let pt = Some(StreamPoint {
        name: name.to_owned(),
        value: 0,
    });
    StreamRequest { pt }
}

fn say_number(number: &StreamResponse) {
    info!("got {}", number.pt.as_ref().map_or(0, |pt| pt.value));
}

fn say_failure(status: &Status) {
    info!("{:?}: {}", status.code(), status.message());
}

async fn connected(network: &Network) -> Result<StreamServiceClient<Channel>, Failure> {
    Ok(StreamServiceClient::new(network.channel().await?))
}
