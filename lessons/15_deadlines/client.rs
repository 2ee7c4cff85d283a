//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Request, Status};
use tracing::info;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};
use workbook::{CLIENT, Failure, Outcome, Stage};

use super::fixed::{Deadline, within_total};
use super::list::Item;
use super::{LIMIT, TOTAL, broken};

// ANCHOR: broken
pub async fn three_timeouts(stage: Stage) -> Outcome {
    let channel = stage
        .channel_with(|endpoint| endpoint.timeout(LIMIT))
        .await?;
    let mut client = StreamServiceClient::new(channel);
    info!(target: CLIENT, "List, 250 ms");
    let mut numbers = broken::list_with_timeout(&mut client, ask("steady"), LIMIT).await?;
    while let Some(number) = numbers.message().await? {
        say_number(&number);
    }
    info!(target: CLIENT, "the end");
    Ok(())
}
// ANCHOR_END: broken

pub async fn renewed(stage: Stage) -> Outcome {
    let numbers = connected(&stage)
        .await?
        .list(ask("steady"))
        .await?
        .into_inner();
    match broken::read_with_timeouts(numbers, LIMIT).await {
        Ok(count) => info!(target: CLIENT, "got {count}"),
        Err(status) => say_failure(&status),
    }
    Ok(())
}

pub async fn unary(stage: Stage) -> Outcome {
    let mut client = connected(&stage).await?;
    info!(target: CLIENT, "Record, 250 ms");
    if let Err(status) = record(&mut client, LIMIT).await {
        say_failure(&status);
    }
    // Time to see what goes on.
    sleep(LIMIT).await;
    Ok(())
}

// ANCHOR: deadline
pub async fn deadline(stage: Stage) -> Outcome {
    let numbers = connected(&stage)
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

pub async fn steady(stage: Stage) -> Outcome {
    let mut client = connected(&stage).await?;
    read(client.list(ask("steady")).await?.into_inner()).await;
    Ok(())
}

pub async fn steady_and_pause(stage: Stage) -> Outcome {
    let mut client = connected(&stage).await?;
    read(client.list(ask("steady")).await?.into_inner()).await;
    info!(target: CLIENT, "and one with a pause");
    read(client.list(ask("pause")).await?.into_inner()).await;
    Ok(())
}

// ANCHOR: hand_on
pub async fn hand_on(stage: Stage) -> Outcome {
    let mut client = connected(&stage).await?;
    let deadline = Deadline::after(Duration::from_millis(600));
    for part in ["first", "second"] {
        info!(target: CLIENT, "the {part} part");
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
    info!(target: CLIENT, "the end");
}

fn ask(name: &str) -> StreamRequest {
    let pt = Some(StreamPoint {
        name: name.to_owned(),
        value: 0,
    });
    StreamRequest { pt }
}

fn say_number(number: &StreamResponse) {
    info!(target: CLIENT, "got {}", number.pt.as_ref().map_or(0, |pt| pt.value));
}

fn say_failure(status: &Status) {
    info!(target: CLIENT, "{:?}: {}", status.code(), status.message());
}

async fn connected(stage: &Stage) -> Result<StreamServiceClient<Channel>, Failure> {
    Ok(StreamServiceClient::new(stage.channel().await?))
}
