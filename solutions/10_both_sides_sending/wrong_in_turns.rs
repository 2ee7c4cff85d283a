//! Wrong: sends one message, waits for its reply, and only then sends the next.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 16;

/// The client's end of the connection, if you want to configure it.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    mut next: impl AsyncFnMut() -> Option<ChatMessage>,
    mut show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let mut client = ChatServiceClient::new(channel);
    let (messages, requests) = mpsc::channel(WAITING);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    let mut got = 0;
    while let Some(message) = next().await {
        let _ = messages.send(message).await;
        match replies.message().await? {
            Some(reply) => show(reply).await,
            None => {
                return Err(Status::data_loss(
                    "the server ended before everything was answered",
                ));
            }
        }
        got += 1;
    }
    Ok(got)
}
