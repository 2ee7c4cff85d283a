//! Wrong: sends everything, and then reads, with windows for the largest batch so far.

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 16;

/// As large as a window can be.
const WINDOW: u32 = i32::MAX as u32;

/// The client's end of the connection, if you want to configure it.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(WINDOW)
        .initial_connection_window_size(WINDOW)
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    mut next: impl AsyncFnMut() -> Option<ChatMessage>,
    mut show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let mut client = ChatServiceClient::new(channel);
    let (messages, requests) = mpsc::channel(WAITING);
    let call = tokio::spawn(async move { client.chat(ReceiverStream::new(requests)).await });
    let mut taken = 0_usize;
    while let Some(message) = next().await {
        taken += 1;
        if messages.send(message).await.is_err() {
            break;
        }
    }
    drop(messages);
    let answered = call
        .await
        .map_err(|_| Status::internal("the call panicked"))?;
    let mut replies = answered?.into_inner();
    let mut got = 0;
    while let Some(reply) = replies.message().await? {
        show(reply).await;
        got += 1;
    }
    if got < taken {
        return Err(Status::data_loss(
            "the server ended before everything was answered",
        ));
    }
    Ok(got)
}
