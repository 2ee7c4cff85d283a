//! Wrong: tells the server its patience as a deadline, which is one for the whole call.

use std::time::Duration;

use futures::Stream;
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Request, Status};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// The server's clock fires after ours, so that the status is ours.
const LATER: Duration = Duration::from_secs(1);

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
    let mut request = Request::new(source);
    request.set_timeout(patience.saturating_add(LATER));
    let answer = timeout(patience, client.chat(request))
        .await
        .map_err(|_| not_answered())??;
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
