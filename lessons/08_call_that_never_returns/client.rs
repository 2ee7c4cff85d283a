//! The clients of this lesson's scenes: what they do, and what they say about it.

use std::cell::Cell;
use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::{Failure, Network, Outcome};

use super::{broken, fixed};

/// A source gives a message each millisecond …
const TICK: Duration = Duration::from_millis(1);
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
    let replies = broken::queue_without_a_bound(client, async || next(&made).await).await?;
    counted(replies, made.get()).await
}

pub async fn with_a_bound(network: Network) -> Outcome {
    let made = Cell::new(0_u32);
    let client = connected(&network).await?;
    let replies = fixed::queue_with_a_bound(client, async || next(&made).await).await?;
    counted(replies, made.get()).await
}

/// The next message of a source that never ends.
async fn next(made: &Cell<u32>) -> ChatMessage {
    sleep(TICK).await;
    made.set(made.get() + 1);
    ChatMessage {
        content: "x".repeat(CONTENT),
        ..hello()
    }
}

async fn greeted(call: Result<Streaming<ChatMessage>, Status>) -> Outcome {
    match call {
        Err(status) => {
            info!("failed with {:?}: {}", status.code(), status.message());
        }
        Ok(mut replies) => {
            info!("the call is answered");
            if let Some(reply) = replies.message().await? {
                info!("got {:?}", reply.content);
            }
        }
    }
    Ok(())
}

async fn counted(mut replies: Streaming<ChatMessage>, made: u32) -> Outcome {
    info!("the call is answered; made meanwhile: {made} messages");
    if let Some(reply) = replies.message().await? {
        info!("got {:?}", reply.content);
    }
    Ok(())
}

/// What everybody has to say first.
pub fn hello() -> ChatMessage {
    ChatMessage {
        user_id: "ada".to_owned(),
        content: "hello".to_owned(),
        ..ChatMessage::default()
    }
}

async fn connected(network: &Network) -> Result<ChatServiceClient<Channel>, Failure> {
    Ok(ChatServiceClient::new(network.channel().await?))
}
