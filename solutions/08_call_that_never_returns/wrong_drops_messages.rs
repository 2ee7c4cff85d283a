//! Wrong: `try_send` keeps the queue bounded by dropping what does not fit.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 16;

/// Sends and shows messages until the server ends the call.
pub async fn follow<S>(
    channel: Channel,
    mut source: S,
    patience: Duration,
    mut show: impl FnMut(ChatMessage),
) -> Result<(), Status>
where
    S: Stream<Item = ChatMessage> + Send + Unpin + 'static,
{
    let (messages, requests) = mpsc::channel(WAITING);
    let producer = tokio::spawn(async move {
        while let Some(message) = source.next().await {
            let _ = messages.try_send(message);
            yield_now().await;
        }
    });
    let _ends_with_the_call = AbortOnDropHandle::new(producer);
    let mut client = ChatServiceClient::new(channel);
    let answered = timeout(patience, client.chat(ReceiverStream::new(requests))).await;
    let mut replies = answered
        .map_err(|_| Status::deadline_exceeded("the server does not answer the call"))??
        .into_inner();
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
