//! Wrong: takes a patience of zero for no limit.

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
    let call = client.chat(source);
    let answer = if patience.is_zero() {
        call.await?
    } else {
        timeout(patience, call)
            .await
            .map_err(|_| not_answered())??
    };
    let mut replies = answer.into_inner();
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}

/// The call was not answered in time.
fn not_answered() -> Status {
    Status::deadline_exceeded("the call was not answered in time")
}
