//! Wrong: a task sends, and notices the end of the call only when the source gives something.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A queue that is small enough.
const QUEUE: usize = 4;

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
    let (messages, taken) = mpsc::channel(QUEUE);
    tokio::spawn(async move {
        let mut source = source;
        while let Some(message) = source.next().await {
            if messages.send(message).await.is_err() {
                return;
            }
        }
    });
    let answered = timeout(patience, client.chat(ReceiverStream::new(taken))).await;
    let mut replies = answered
        .map_err(|_| Status::deadline_exceeded("the server does not answer the call"))??
        .into_inner();
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
