//! Wrong: relies on a tonic timeout, and takes every Cancelled for that timeout.

use std::time::Duration;

use futures::Stream;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
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
    let mut request = Request::new(source);
    request.set_timeout(patience);
    let answered = client.chat(request).await;
    let answered = answered.map_err(|status| match status.code() {
        Code::Cancelled => Status::deadline_exceeded("the server does not answer the call"),
        _ => status,
    });
    let mut replies = answered?.into_inner();
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
