//! Wrong: applies the patience to the whole call.

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
    let call = async {
        let mut replies = client.chat(source).await?.into_inner();
        while let Some(reply) = replies.message().await? {
            show(reply);
        }
        Ok(())
    };
    timeout(patience, call).await.unwrap_or_else(|_| {
        Err(Status::deadline_exceeded(
            "the server does not answer the call",
        ))
    })
}
