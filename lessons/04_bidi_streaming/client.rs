//! The clients of this lesson's scenes.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest};
use workbook::{Network, Outcome};

/// How many messages the mpsc channel holds: a person types one at a time.
const WAITING: usize = 1;

pub async fn route(network: Network) -> Outcome {
    send_points(network, 7).await
}

pub async fn half_close(network: Network) -> Outcome {
    send_points(network, 3).await
}

// ANCHOR: points
async fn send_points(network: Network, points: i32) -> Outcome {
    let mut client = StreamServiceClient::new(network.channel().await?);
    let requests = futures::stream::iter(1..=points).map(point);
    let mut replies = client.route(requests).await?.into_inner();
    while let Some(reply) = replies.message().await? {
        let value = reply.pt.unwrap_or_default().value;
        info!(reply = value, "got {value}");
    }
    info!("end");
    Ok(())
}

fn point(value: i32) -> StreamRequest {
    info!(sent = value, "sends {value}");
    StreamRequest {
        pt: Some(StreamPoint {
            name: "point".to_owned(),
            value,
        }),
    }
}
// ANCHOR_END: points

// ANCHOR: server_first
pub async fn server_first(network: Network) -> Outcome {
    let mut client = ChatServiceClient::new(network.channel().await?);
    let (messages, requests) = mpsc::channel(WAITING);
    info!("calls, and sends nothing");
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    if let Some(message) = replies.message().await? {
        info!("got {:?}", message.content);
    }
    // Until here the sender has kept the client's half of the call open. Dropping it half-closes.
    info!("half-closes");
    drop(messages);
    read_to_the_end(replies).await
}
// ANCHOR_END: server_first

// ANCHOR: ping_pong
pub async fn ping_pong(network: Network) -> Outcome {
    let mut client = ChatServiceClient::new(network.channel().await?);
    let (messages, requests) = mpsc::channel(WAITING);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    for content in ["one", "two", "three"] {
        let Some(reply) = replies.message().await? else {
            break;
        };
        info!("got {:?}", reply.content);
        info!(sent = content, "sends {content:?}");
        if messages.send(message(content)).await.is_err() {
            // The call is over. The reading half learns below with which status.
            break;
        }
    }
    drop(messages);
    read_to_the_end(replies).await
}
// ANCHOR_END: ping_pong

// ANCHOR: both
pub async fn both(network: Network) -> Outcome {
    let mut client = ChatServiceClient::new(network.channel().await?);
    let (messages, requests) = mpsc::channel(WAITING);
    let replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    // One future sends and the other reads, and neither waits for the other.
    let ((), outcome) = tokio::join!(send_lines(messages), read_to_the_end(replies));
    outcome
}

async fn send_lines(messages: mpsc::Sender<ChatMessage>) {
    for content in ["one", "two", "three"] {
        sleep(Duration::from_millis(100)).await;
        info!(sent = content, "sends {content:?}");
        if messages.send(message(content)).await.is_err() {
            // The call is over. The reading half learns with which status.
            return;
        }
    }
} // `messages` is dropped, which half-closes the call.

async fn read_to_the_end(mut replies: Streaming<ChatMessage>) -> Outcome {
    while let Some(message) = replies.message().await? {
        info!("got {:?}", message.content);
    }
    info!("end");
    Ok(())
}
// ANCHOR_END: both

fn message(content: &str) -> ChatMessage {
    ChatMessage {
        user_id: "ada".to_owned(),
        content: content.to_owned(),
        ..Default::default()
    }
}
