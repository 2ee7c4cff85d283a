//! Wrong: applies the patience to every wait for a message.

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
    let mut client = ChatServiceClient::new(channel);
    let late = |_| Status::deadline_exceeded("the server is silent");
    let answered = timeout(patience, client.chat(source)).await;
    let mut replies = answered.map_err(late)??.into_inner();
    while let Some(reply) = timeout(patience, replies.message()).await.map_err(late)?? {
        show(reply);
    }
    Ok(())
}
