//! What goes wrong: one direction waits for the other; and an end that nobody has counted up to.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::client::{STEP, WAITING, message};

// ANCHOR: send_all
/// Wrong: sends everything, and then reads.
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
        if sent % STEP == 0 {
            info!("has sent {sent}");
        }
    }
    drop(messages);
    read_to_the_end(replies).await
}

/// Wrong: None is taken for "everything has been answered".
pub async fn read_to_the_end(mut replies: Streaming<ChatMessage>) -> Result<usize, Status> {
    let mut got = 0;
    while replies.message().await?.is_some() {
        got += 1;
    }
    Ok(got)
}
// ANCHOR_END: send_all
