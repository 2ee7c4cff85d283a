//! Wrong: the patience begins again with every message that the server takes.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 1;

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
    let (progress, mut progressed) = mpsc::channel(WAITING);
    let producer = tokio::spawn(async move {
        while let Some(message) = source.next().await {
            if messages.send(message).await.is_err() {
                return;
            }
            let _ = progress.try_send(());
        }
    });
    let _ends_with_the_call = AbortOnDropHandle::new(producer);
    let mut client = ChatServiceClient::new(channel);
    let mut answer = std::pin::pin!(client.chat(ReceiverStream::new(requests)));
    let mut due = Instant::now() + patience;
    let mut replies = loop {
        tokio::select! {
            biased;
            answered = &mut answer => break answered?.into_inner(),
            Some(()) = progressed.recv() => due = Instant::now() + patience,
            () = sleep_until(due) => {
                return Err(Status::deadline_exceeded("the server does not answer the call"));
            }
        }
    };
    while let Some(reply) = replies.message().await? {
        show(reply);
    }
    Ok(())
}
