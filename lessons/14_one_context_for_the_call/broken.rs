//! What goes wrong: a call has two streams, and the client drops only one of them; a call has two
//! halves, and only one of them ends.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::message::{WAITING, says};

// ANCHOR: response_alone
/// Wrong as a subscription: dropping the stream of replies does not end the call as long as the sender
/// is alive. Until the server ends it, a call lives as long as either of its two streams.
pub async fn subscribe(
    mut client: ChatServiceClient<Channel>,
) -> Result<(Streaming<ChatMessage>, mpsc::Sender<ChatMessage>), Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let replies = client.chat(ReceiverStream::new(requests)).await?;
    Ok((replies.into_inner(), messages))
}
// ANCHOR_END: response_alone

// ANCHOR: join
/// Wrong: `join!` waits for both halves. One fails at once, and nothing ends the other.
pub async fn both_halves(mut client: ChatServiceClient<Channel>) -> Result<(), Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    let sending = async {
        let _ = messages.send(says("bad")).await;
        // Nothing to send for now. The sender is kept for later.
        sleep(Duration::from_secs(60 * 60)).await;
        info!(step = "waited", "the sending half has waited for an hour");
    };
    let reading = async {
        while replies.message().await?.is_some() {}
        Ok(())
    };
    let ((), read) = tokio::join!(sending, reading);
    read
}
// ANCHOR_END: join
