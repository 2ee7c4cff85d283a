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

/// How many messages may wait to be sent: a person types one at a time.
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
        info!("got {}", reply.pt.unwrap_or_default().value);
    }
    info!("end");
    Ok(())
}

fn point(value: i32) -> StreamRequest {
    info!("sends {value}");
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
    let (say, said) = mpsc::channel(WAITING);
    info!("calls, and says nothing");
    let mut heard = client.chat(ReceiverStream::new(said)).await?.into_inner();
    if let Some(message) = heard.message().await? {
        info!("heard {:?}", message.content);
    }
    // Until here the sender has kept the call's own half open. Dropping it is the half-close.
    info!("has nothing to say");
    drop(say);
    hear_to_the_end(heard).await
}
// ANCHOR_END: server_first

// ANCHOR: ping_pong
pub async fn ping_pong(network: Network) -> Outcome {
    let mut client = ChatServiceClient::new(network.channel().await?);
    let (say, said) = mpsc::channel(WAITING);
    let mut heard = client.chat(ReceiverStream::new(said)).await?.into_inner();
    for content in ["one", "two", "three"] {
        let Some(heard) = heard.message().await? else {
            break;
        };
        info!("heard {:?}", heard.content);
        info!("says {content:?}");
        if say.send(message(content)).await.is_err() {
            // The call is over. Why, the listening half learns below.
            break;
        }
    }
    drop(say);
    hear_to_the_end(heard).await
}
// ANCHOR_END: ping_pong

// ANCHOR: both
pub async fn both(network: Network) -> Outcome {
    let mut client = ChatServiceClient::new(network.channel().await?);
    let (say, said) = mpsc::channel(WAITING);
    let heard = client.chat(ReceiverStream::new(said)).await?.into_inner();
    // One future talks and one listens, and neither waits for the other.
    let ((), listened) = tokio::join!(talk(say), hear_to_the_end(heard));
    listened
}

async fn talk(say: mpsc::Sender<ChatMessage>) {
    for content in ["one", "two", "three"] {
        sleep(Duration::from_millis(100)).await;
        info!("says {content:?}");
        if say.send(message(content)).await.is_err() {
            // Nobody takes it: the call is over. Why, the listening half learns.
            return;
        }
    }
} // `say` is dropped: the half-close.

async fn hear_to_the_end(mut heard: Streaming<ChatMessage>) -> Outcome {
    while let Some(message) = heard.message().await? {
        info!("heard {:?}", message.content);
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
