//! Wrong: takes an hour without a reply for the end of the call.

use std::time::Duration;

use futures::Stream;
use tokio::time::timeout;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A server that is silent for this long has nothing more to say.
const SILENCE: Duration = Duration::from_secs(60 * 60);

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
    let answered = timeout(patience, client.chat(source)).await;
    let mut replies = answered
        .map_err(|_| Status::deadline_exceeded("the server does not answer the call"))??
        .into_inner();
    while let Ok(reply) = timeout(SILENCE, replies.message()).await {
        match reply? {
            Some(reply) => show(reply),
            None => return Ok(()),
        }
    }
    Ok(())
}
