//! Wrong: a reply drops the future of a `next` that already holds a message.

use std::future::pending;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint};
use tonic::{Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 16;

/// The client's end of the connection, if you want to configure it.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    mut next: impl AsyncFnMut() -> Option<ChatMessage>,
    mut show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let mut client = ChatServiceClient::new(channel);
    let (messages, requests) = mpsc::channel(WAITING);
    let mut messages = Some(messages);
    let (mut taken, mut got) = (0_usize, 0_usize);
    let mut call = Box::pin(async move { client.chat(ReceiverStream::new(requests)).await });
    let mut replies: Option<Streaming<ChatMessage>> = None;
    loop {
        tokio::select! {
            biased;
            answered = &mut call, if replies.is_none() => replies = Some(answered?.into_inner()),
            reply = reply_of(&mut replies), if replies.is_some() => match reply? {
                Some(reply) => {
                    show(reply).await;
                    got += 1;
                }
                None => break,
            },
            is_sent = send_next(&mut messages, &mut next), if messages.is_some() => {
                if is_sent {
                    taken += 1;
                } else {
                    messages = None;
                }
            }
        }
    }
    if messages.is_some() || got < taken {
        return Err(Status::data_loss(
            "the server ended before everything was answered",
        ));
    }
    Ok(got)
}

async fn reply_of(
    replies: &mut Option<Streaming<ChatMessage>>,
) -> Result<Option<ChatMessage>, Status> {
    match replies {
        Some(replies) => replies.message().await,
        None => pending().await,
    }
}

/// Whether there was a next message.
async fn send_next(
    messages: &mut Option<mpsc::Sender<ChatMessage>>,
    next: &mut impl AsyncFnMut() -> Option<ChatMessage>,
) -> bool {
    let Some(messages) = messages else {
        return pending().await;
    };
    let Ok(room) = messages.reserve().await else {
        return pending().await;
    };
    match next().await {
        Some(message) => {
            room.send(message);
            true
        }
        None => false,
    }
}
