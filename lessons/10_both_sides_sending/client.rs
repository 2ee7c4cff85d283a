//! The clients of this lesson's scenes.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Failure, Network, Outcome};

use super::{WINDOW, broken, fixed};

/// Messages that may wait to be sent.
pub const WAITING: usize = 4;

/// The same for messages of a few bytes: each wakes somebody up, and that costs more than they do.
const WAITING_SMALL: usize = 256;

/// After how many messages a client says how far it is.
pub const STEP: usize = 40;

/// A client that cannot send for so long is stuck: in the lab nothing else takes time.
const STUCK: Duration = Duration::from_secs(1);

pub async fn send_all(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    said(broken::send_all_then_read(client, 1000).await)
}

pub async fn send_all_wide(network: Network) -> Outcome {
    let client = connected(&network, 4 * WINDOW).await?;
    said(broken::send_all_then_read(client, 1000).await)
}

pub async fn both(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    let source = (0..1000).map(|_| message());
    said(fixed::send_while_reading(client, WAITING, source).await)
}

pub async fn many(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    let source = (0..100_000).map(|_| small());
    said(fixed::send_while_reading(client, WAITING_SMALL, source).await)
}

pub async fn uncounted(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    said(broken::send_all_then_read(client, 10).await)
}

pub async fn counted(network: Network) -> Outcome {
    let client = connected(&network, WINDOW).await?;
    let source = (0..10).map(|_| small());
    said(fixed::send_while_reading(client, WAITING, source).await)
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
        while let Ok(Ok(room)) = timeout(STUCK, messages.reserve()).await {
            room.send(message());
            sent += 1;
        }
        info!("has sent {sent}: stuck");
        for _ in 0..10 {
            replies.message().await?;
        }
        info!("reads 10");
    }
    Ok(())
}
// ANCHOR_END: ten

/// A message of 1 KiB.
pub fn message() -> ChatMessage {
    ChatMessage {
        content: "x".repeat(1024),
        ..ChatMessage::default()
    }
}

/// As small as a message gets that says something.
fn small() -> ChatMessage {
    ChatMessage {
        content: "x".to_owned(),
        ..ChatMessage::default()
    }
}

fn said(got: Result<usize, Status>) -> Outcome {
    match got {
        Ok(got) => info!("done: got {got} replies"),
        Err(status) => info!("{:?}: {}", status.code(), status.message()),
    }
    Ok(())
}

async fn connected(network: &Network, window: u32) -> Result<ChatServiceClient<Channel>, Failure> {
    let channel = network
        .channel_with(|endpoint| endpoint.initial_stream_window_size(window))
        .await?;
    Ok(ChatServiceClient::new(channel))
}
