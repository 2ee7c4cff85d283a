//! What goes wrong: a call has two streams, and only one of them is dropped; two tasks, and only one
//! of them ends.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::client::{WAITING, says};

// ANCHOR: response_alone
/// Wrong as a subscription: whoever drops the stream of replies thinks that the call is over. But
/// somebody has the sender, and until the server ends it a call lives as long as one of the two.
pub async fn subscribe(
    mut client: ChatServiceClient<Channel>,
) -> Result<(Streaming<ChatMessage>, mpsc::Sender<ChatMessage>), Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let replies = client.chat(ReceiverStream::new(requests)).await?;
    Ok((replies.into_inner(), messages))
}
// ANCHOR_END: response_alone

// ANCHOR: join
/// Wrong: `join!` waits for both halves. One fails at once, the other has no reason to end.
pub async fn both_halves(mut client: ChatServiceClient<Channel>) -> Result<(), Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    let speaking = async {
        let _ = messages.send(says("bad")).await;
        // Nothing to say for now. The sender is kept for later.
        sleep(Duration::from_secs(60 * 60)).await;
        info!("the speaking half has waited for an hour");
    };
    let listening = async {
        while replies.message().await?.is_some() {}
        Ok(())
    };
    let ((), listened) = tokio::join!(speaking, listening);
    listened
}
// ANCHOR_END: join
