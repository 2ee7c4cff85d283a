//! The clients of this lesson's scenes.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Failure, Network, Outcome};

use super::limits::{WAITING, WINDOW};
use super::message::{message, small};
use super::{broken, fixed};

/// Messages of a few bytes that may wait to be sent. With a queue of four, the connection's task would
/// be woken for every four of them, and the wake-ups would cost more than the messages.
const WAITING_SMALL: usize = 256;

/// In the lab only a full window takes time, so a client that waits this long to send is stuck.
const SEND_STALLED_AFTER: Duration = Duration::from_secs(1);

pub async fn send_all(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    report(broken::send_all_then_read(client, 1000).await)
}

pub async fn send_all_wide(network: Network) -> Outcome {
    let client = connected(&network, 4 * WINDOW).await?;
    report(broken::send_all_then_read(client, 1000).await)
}

pub async fn both(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    let messages = (0..1000).map(|_| message());
    report(fixed::send_while_reading(client, WAITING, messages).await)
}

pub async fn many(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    let messages = (0..100_000).map(|_| small());
    report(fixed::send_while_reading(client, WAITING_SMALL, messages).await)
}

pub async fn uncounted(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    report(broken::send_all_then_read(client, 10).await)
}

pub async fn counted(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    let messages = (0..10).map(|_| small());
    report(fixed::send_while_reading(client, WAITING, messages).await)
}

// ANCHOR: ten
/// Sends until it is stuck, and then reads ten replies: three times.
pub async fn read_ten(network: Network) -> Outcome {
    let mut client = connected(&network, WINDOW).await?;
    let (messages, requests) = mpsc::channel(WAITING);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    let mut sent = 0;
    for _ in 0..3 {
        while let Ok(Ok(permit)) = timeout(SEND_STALLED_AFTER, messages.reserve()).await {
            permit.send(message());
            sent += 1;
        }
        info!(sent, stuck = true, "has sent {sent}: stuck");
        for _ in 0..10 {
            replies.message().await?;
        }
        info!(read = 10, "reads 10");
    }
    Ok(())
}
// ANCHOR_END: ten

fn report(got: Result<usize, Status>) -> Outcome {
    match got {
        Ok(got) => info!(replies = got, "done: got {got} replies"),
        Err(status) => info!(
            code = ?status.code(),
            "{:?}: {}",
            status.code(),
            status.message()
        ),
    }
    Ok(())
}

async fn connected(network: &Network, window: u32) -> Result<ChatServiceClient<Channel>, Failure> {
    let channel = network
        .channel_with(|endpoint| endpoint.initial_stream_window_size(window))
        .await?;
    Ok(ChatServiceClient::new(channel))
}
