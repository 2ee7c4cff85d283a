//! The clients of this lesson's scenes: they call, and narrate what happens.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Failure, Network, Outcome};

use super::hello::hello;
use super::{broken, fixed};

/// The producer makes a message every millisecond …
const PRODUCES_EVERY: Duration = Duration::from_millis(1);
/// … of 1 KiB.
const CONTENT: usize = 1024;

pub async fn call_first(network: Network) -> Outcome {
    greeted(broken::call_first(connected(&network).await?).await).await
}

pub async fn queue_first(network: Network) -> Outcome {
    greeted(fixed::queue_first(connected(&network).await?).await).await
}

pub async fn spawn_the_call(network: Network) -> Outcome {
    greeted(fixed::spawn_the_call(connected(&network).await?).await).await
}

pub async fn without_a_bound(network: Network) -> Outcome {
    let made = Cell::new(0_u32);
    let client = connected(&network).await?;
    let replies = broken::queue_without_a_bound(client, async || produce(&made).await).await?;
    counted(replies, made.get()).await
}

pub async fn with_a_bound(network: Network) -> Outcome {
    let made = Cell::new(0_u32);
    let client = connected(&network).await?;
    let replies = fixed::queue_with_a_bound(client, async || produce(&made).await).await?;
    counted(replies, made.get()).await
}

/// The next message of a producer that never ends.
async fn produce(made: &Cell<u32>) -> ChatMessage {
    sleep(PRODUCES_EVERY).await;
    made.set(made.get() + 1);
    ChatMessage {
        content: "x".repeat(CONTENT),
        ..hello()
    }
}

async fn greeted(call: Result<Streaming<ChatMessage>, Status>) -> Outcome {
    match call {
        Err(status) => {
            let (code, reason) = (status.code(), status.message());
            info!(?code, reason, "failed with {code:?}: {reason}");
        }
        Ok(mut replies) => {
            info!(step = "answered", "the call is answered");
            if let Some(reply) = replies.message().await? {
                info!("got {:?}", reply.content);
            }
        }
    }
    Ok(())
}

async fn counted(mut replies: Streaming<ChatMessage>, made: u32) -> Outcome {
    info!(
        made,
        "the call is answered; made meanwhile: {made} messages"
    );
    if let Some(reply) = replies.message().await? {
        info!("got {:?}", reply.content);
    }
    Ok(())
}

async fn connected(network: &Network) -> Result<ChatServiceClient<Channel>, Failure> {
    Ok(ChatServiceClient::new(network.channel().await?))
}
