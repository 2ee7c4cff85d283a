//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::{IntervalStream, ReceiverStream};
use tonic::Status;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Failure, Network, Outcome};

use super::fixed::Subscription;
use super::{broken, group};

/// Messages that may wait to be sent.
pub const WAITING: usize = 4;

const CALLS: usize = 50;

/// Time for everything that is about to end to end.
const A_MOMENT: Duration = Duration::from_millis(10);

// ANCHOR: drop_responses
pub async fn drop_responses(network: Network) -> Outcome {
    let client = connected(&network).await?;
    let mut senders = Vec::new();
    for _ in 0..CALLS {
        let (replies, messages) = broken::subscribe(client.clone()).await?;
        drop(replies);
        // Kept by whoever sends heartbeats, for example.
        senders.push(messages);
    }
    sleep(A_MOMENT).await;
    info!("{CALLS} responses dropped");
    say_open(&network);
    drop(client);
    sleep(A_MOMENT).await;
    info!("the channel dropped");
    say_open(&network);
    drop(senders);
    sleep(A_MOMENT).await;
    info!("the senders dropped");
    say_open(&network);
    Ok(())
}
// ANCHOR_END: drop_responses

pub async fn drop_subscriptions(network: Network) -> Outcome {
    let client = connected(&network).await?;
    let mut senders = Vec::new();
    for _ in 0..CALLS {
        let (messages, requests) = mpsc::channel(WAITING);
        let subscription =
            Subscription::open(client.clone(), ReceiverStream::new(requests)).await?;
        drop(subscription);
        senders.push(messages);
    }
    sleep(A_MOMENT).await;
    info!("{CALLS} subscriptions dropped");
    say_open(&network);
    Ok(())
}

// ANCHOR: one
pub async fn drop_one(network: Network) -> Outcome {
    let (messages, requests) = mpsc::channel(WAITING);
    let client = connected(&network).await?;
    let mut subscription = Subscription::open(client, ReceiverStream::new(requests)).await?;
    messages
        .send(says("hello"))
        .await
        .map_err(|_| Status::unknown("the call is over"))?;
    if let Some(reply) = subscription.next().await? {
        info!("got {:?}", reply.content);
    }
    info!("drops the subscription");
    drop(subscription);
    sleep(A_MOMENT).await;
    let sent = messages.send(says("anybody there?")).await;
    info!(
        "sends once more: {}",
        if sent.is_ok() {
            "taken"
        } else {
            "nobody takes it"
        }
    );
    Ok(())
}
// ANCHOR_END: one

// ANCHOR: stuck
/// Drops a subscription whose messages nobody reads: the window is full.
pub async fn drop_while_stuck(network: Network) -> Outcome {
    let endless = stream::repeat_with(|| says(&"x".repeat(1024)));
    let subscription = Subscription::open(connected(&network).await?, endless).await?;
    sleep(A_MOMENT).await;
    info!("drops the subscription");
    drop(subscription);
    sleep(A_MOMENT).await;
    say_open(&network);
    sleep(Duration::from_secs(60)).await;
    say_open(&network);
    Ok(())
}
// ANCHOR_END: stuck

pub async fn join_both(network: Network) -> Outcome {
    say_end(broken::both_halves(connected(&network).await?).await);
    Ok(())
}

pub async fn end_together(network: Network) -> Outcome {
    say_end(group::both_halves(connected(&network).await?).await);
    Ok(())
}

// ANCHOR: one_read
/// Messages at an odd pace, read with a patience that is much too short.
pub async fn give_up_reads(network: Network) -> Outcome {
    const PACE: Duration = Duration::from_millis(70);
    const PATIENCE: Duration = Duration::from_millis(30);
    const COUNT: usize = 500;
    let ticks = IntervalStream::new(tokio::time::interval(PACE)).take(COUNT);
    let numbers = ticks
        .zip(stream::iter(1..))
        .map(|(_, number): (_, i32)| says(&number.to_string()));
    let mut subscription = Subscription::open(connected(&network).await?, numbers).await?;
    let (mut got, mut in_order, mut given_up) = (0, true, 0);
    loop {
        // The future of the read is dropped when its time is up. Nothing is lost with it.
        match timeout(PATIENCE, subscription.next()).await {
            Err(_) => given_up += 1,
            Ok(next) => match next? {
                Some(reply) => {
                    got += 1;
                    in_order &= reply.content == got.to_string();
                }
                None => break,
            },
        }
    }
    info!("got {got}, in order: {in_order}; reads given up: {given_up}");
    Ok(())
}
// ANCHOR_END: one_read

fn say_end(ended: Result<(), Status>) {
    match ended {
        Ok(()) => info!("ended well"),
        Err(status) => info!("{:?}: {}", status.code(), status.message()),
    }
}

/// What only the lab can see: how many calls the wire shows as open.
fn say_open(network: &Network) {
    if let Some(lab) = network.in_lab() {
        info!("calls open on the wire: {}", lab.open_calls().len());
    }
}

pub fn says(text: &str) -> ChatMessage {
    ChatMessage {
        content: text.to_owned(),
        ..ChatMessage::default()
    }
}

async fn connected(network: &Network) -> Result<ChatServiceClient<Channel>, Failure> {
    Ok(ChatServiceClient::new(network.channel().await?))
}
