//! Wrong: returns at once when there is nothing to send, and drops the call.

use std::pin::pin;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// How many messages wait for the connection.
const WAITING: usize = 4;

/// The client's end of the connection.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
}

/// The server has ended before everything was sent and answered.
fn incomplete() -> Status {
    Status::data_loss("the server ended before everything was answered")
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    mut next: impl AsyncFnMut() -> Option<ChatMessage>,
    mut show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let mut client = ChatServiceClient::new(channel);
    let (messages, requests) = mpsc::channel(WAITING);
    // How many were sent, if it was all of them. The call half-closes at the end of this block.
    let mut sending = pin!(async {
        let messages = messages;
        let mut sent = 0_usize;
        while let Some(message) = next().await {
            if messages.send(message).await.is_err() {
                return None;
            }
            sent += 1;
        }
        Some(sent)
    });
    let mut reading = pin!(async {
        let requests = ReceiverStream::new(requests);
        let mut replies = client.chat(requests).await?.into_inner();
        let mut got = 0_usize;
        while let Some(reply) = replies.message().await? {
            show(reply).await;
            got += 1;
        }
        Ok::<usize, Status>(got)
    });
    let (mut is_sending, mut sent) = (true, None);
    let got = loop {
        tokio::select! {
            biased;
            all = &mut sending, if is_sending => {
                is_sending = false;
                sent = all;
                if sent == Some(0) {
                    return Ok(0);
                }
            }
            got = &mut reading => break got?,
        }
    };
    match sent {
        Some(sent) if got >= sent => Ok(got),
        _ => Err(incomplete()),
    }
}
