//! What goes wrong: one direction waits for the other; and the end of the stream is taken for success.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::limits::WAITING;
use super::message::message;

/// After how many messages the client logs its progress.
const LOGGED_EVERY: usize = 40;

// ANCHOR: send_all
/// Wrong: sends everything before it reads. When both windows are full, neither side can go on.
pub async fn send_all_then_read(
    mut client: ChatServiceClient<Channel>,
    count: usize,
) -> Result<usize, Status> {
    let (messages, requests) = mpsc::channel(WAITING);
    let replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    for sent in 1..=count {
        if messages.send(message()).await.is_err() {
            break;
        }
        if sent % LOGGED_EVERY == 0 {
            info!(sent, "has sent {sent}");
        }
    }
    drop(messages);
    read_to_the_end(replies).await
}

/// Wrong: takes None for "everything has been answered", but it only means that the server has ended.
pub async fn read_to_the_end(mut replies: Streaming<ChatMessage>) -> Result<usize, Status> {
    let mut got = 0;
    while replies.message().await?.is_some() {
        got += 1;
    }
    Ok(got)
}
// ANCHOR_END: send_all
