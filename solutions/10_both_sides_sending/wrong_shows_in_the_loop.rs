//! Wrong: one loop sends and shows, so nothing is sent while `show` takes its time.

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 1;

/// The client's end of the connection, if you want to configure it.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    next: impl AsyncFnMut() -> Option<ChatMessage>,
    mut show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let mut client = ChatServiceClient::new(channel);
    let (messages, requests) = mpsc::channel(WAITING);
    let replies = stream::once(client.chat(ReceiverStream::new(requests)))
        .map(|answer| answer.map(tonic::Response::into_inner))
        .try_flatten();
    let mut replies = std::pin::pin!(replies);
    // The stream keeps the future of a `next` that has begun, and of a `send`.
    let (mut taken, mut all_taken, mut got) = (0, false, 0);
    let sent = stream::unfold((next, messages), async |(mut next, messages)| {
        messages.send(next().await?).await.ok()?;
        Some(((), (next, messages)))
    });
    let mut sent = std::pin::pin!(sent.fuse());
    loop {
        tokio::select! {
            biased;
            reply = replies.next() => {
                let Some(reply) = reply else { break };
                show(reply?).await;
                got += 1;
            }
            one = sent.next(), if !all_taken => match one {
                Some(()) => taken += 1,
                None => all_taken = true,
            },
        }
    }
    if got < taken || !all_taken {
        return Err(Status::data_loss(
            "the server ended before everything was answered",
        ));
    }
    Ok(got)
}
