//! Wrong: awaits the answer, and only then sends.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Sends and shows messages until the server ends the call.
pub async fn follow<S>(
    channel: Channel,
    mut source: S,
    patience: Duration,
    mut show: impl FnMut(ChatMessage),
) -> Result<(), Status>
where
    S: Stream<Item = ChatMessage> + Send + Unpin + 'static,
{
    let (messages, requests) = mpsc::channel(8);
    let mut client = ChatServiceClient::new(channel);
    let answered = timeout(patience, client.chat(ReceiverStream::new(requests))).await;
    let mut replies = answered
        .map_err(|_| Status::deadline_exceeded("the server does not answer the call"))??
        .into_inner();
    tokio::spawn(async move {
        while let Some(message) = source.next().await {
            if messages.send(message).await.is_err() {
                return;
            }
        }
    });
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
