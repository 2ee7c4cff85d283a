//! Exercise 08, solved: tonic takes from the source itself, as much as the connection takes.

use std::time::Duration;

use futures::Stream;
use tokio::time::timeout;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Talks to the server until it ends the call.
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
    // A request stream is asked for the next message when there is room for it, and dropped when
    // the call is over. There is no queue that would need a bound, and no task that would need an end.
    let answered = timeout(patience, client.chat(source)).await;
    let mut replies = answered
        .map_err(|_| Status::deadline_exceeded("the server does not answer the call"))??
        .into_inner();
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
