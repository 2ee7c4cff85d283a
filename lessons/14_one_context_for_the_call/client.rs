//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::{IntervalStream, ReceiverStream};
use tonic::transport::Channel;
use tonic::{Code, Status};
use tracing::info;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Failure, Network, Outcome};

use super::fixed::Subscription;
use super::message::{WAITING, says};
use super::{broken, group};

const CALLS: usize = 50;

/// Long enough for everything that ends by itself to end.
const SETTLES_IN: Duration = Duration::from_millis(10);

// ANCHOR: drop_responses
pub async fn drop_responses(network: Network) -> Outcome {
    let client = connected(&network).await?;
    let mut senders = Vec::new();
    for _ in 0..CALLS {
        let (replies, messages) = broken::subscribe(client.clone()).await?;
        drop(replies);
        // A task that sends heartbeats would keep it, for example.
        senders.push(messages);
    }
    sleep(SETTLES_IN).await;
    info!(dropped = CALLS, "dropped {CALLS} responses");
    log_open(&network);
    drop(client);
    sleep(SETTLES_IN).await;
    info!(step = "drops_channel", "dropped the channel");
    log_open(&network);
    drop(senders);
    sleep(SETTLES_IN).await;
    info!(step = "drops_senders", "dropped the senders");
    log_open(&network);
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
    sleep(SETTLES_IN).await;
    info!(dropped = CALLS, "dropped {CALLS} subscriptions");
    log_open(&network);
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
        info!(reply = reply.content, "got {:?}", reply.content);
    }
    info!(step = "drops", "drops the subscription");
    drop(subscription);
    sleep(SETTLES_IN).await;
    let sent = messages.send(says("are you there?")).await;
    info!(
        sent = sent.is_ok(),
        "sends once more: {}",
        if sent.is_ok() {
            "accepted"
        } else {
            "the send fails"
        }
    );
    Ok(())
}
// ANCHOR_END: one

// ANCHOR: stuck
/// Drops a subscription while the server reads nothing and the window is full.
pub async fn drop_while_stuck(network: Network) -> Outcome {
    let endless = stream::repeat_with(|| says(&"x".repeat(1024)));
    let subscription = Subscription::open(connected(&network).await?, endless).await?;
    sleep(SETTLES_IN).await;
    info!(step = "drops", "drops the subscription");
    drop(subscription);
    sleep(SETTLES_IN).await;
    log_open(&network);
    sleep(Duration::from_secs(60)).await;
    log_open(&network);
    Ok(())
}
// ANCHOR_END: stuck

pub async fn join_both(network: Network) -> Outcome {
    log_end(broken::both_halves(connected(&network).await?).await);
    Ok(())
}

pub async fn end_together(network: Network) -> Outcome {
    log_end(group::both_halves(connected(&network).await?).await);
    Ok(())
}

// ANCHOR: one_read
/// A message every 70 ms, read with a timeout that is much too short.
pub async fn give_up_reads(network: Network) -> Outcome {
    const PACE: Duration = Duration::from_millis(70);
    const READ_TIMEOUT: Duration = Duration::from_millis(30);
    const COUNT: usize = 500;
    let ticks = IntervalStream::new(tokio::time::interval(PACE)).take(COUNT);
    let numbers = ticks
        .zip(stream::iter(1..))
        .map(|(_, number): (_, i32)| says(&number.to_string()));
    let mut subscription = Subscription::open(connected(&network).await?, numbers).await?;
    let (mut got, mut in_order, mut given_up) = (0, true, 0);
    loop {
        // The timeout drops the future of the read. `message()` is cancel-safe, so nothing is lost.
        match timeout(READ_TIMEOUT, subscription.next()).await {
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
    info!(
        got,
        in_order, given_up, "got {got}, in order: {in_order}; reads given up: {given_up}"
    );
    Ok(())
}
// ANCHOR_END: one_read

fn log_end(ended: Result<(), Status>) {
    match ended {
        Ok(()) => info!(code = ?Code::Ok, "ended well"),
        Err(status) => info!(
            code = ?status.code(),
            "{:?}: {}",
            status.code(),
            status.message()
        ),
    }
}

/// Logs what only the lab can see: how many calls are open on the wire.
fn log_open(network: &Network) {
    if let Some(lab) = network.in_lab() {
        let open_calls = lab.open_calls().len();
        info!(open_calls, "calls open on the wire: {open_calls}");
    }
}

async fn connected(network: &Network) -> Result<ChatServiceClient<Channel>, Failure> {
    Ok(ChatServiceClient::new(network.channel().await?))
}
