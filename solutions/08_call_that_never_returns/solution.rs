//! Solution 08: tonic polls the source itself, no faster than the connection takes messages.

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
    // tonic polls the request stream for the next message when there is room for it, and drops it
    // when the call is over. There is no queue that needs a bound, and no task that needs an end.
    let answered = timeout(patience, client.chat(source)).await;
    let mut replies = answered
        .map_err(|_| Status::deadline_exceeded("the server does not answer the call"))??
        .into_inner();
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
