//! Wrong: returns a status of its own, with the code and the message of the server's and without the rest.

use std::time::Duration;

use futures::Stream;
use tokio::time::timeout;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Sends and shows messages until the server ends the call.
pub async fn follow<S>(
    channel: Channel,
    source: S,
    patience: Duration,
    mut show: impl FnMut(ChatMessage),
) -> Result<(), Status>
where
    S: Stream<Item = ChatMessage> + Send + Unpin + 'static,
{
    let ended = |status: Status| Status::new(status.code(), status.message());
    let mut client = ChatServiceClient::new(channel);
    let answered = timeout(patience, client.chat(source)).await;
    let answered =
        answered.map_err(|_| Status::deadline_exceeded("the server does not answer the call"))?;
    let mut replies = answered.map_err(ended)?.into_inner();
    while let Some(reply) = replies.message().await.map_err(ended)? {
        show(reply);
    }
    Ok(())
}
