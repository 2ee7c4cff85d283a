//! Wrong: sends no line before the server has answered, which may wait for a line.

use std::convert::Infallible;

use futures::future::pending;
use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// The room that we talk in.
const ROOM: &str = "lobby";

/// Chats as `user_id` in the room "lobby", until both sides have ended.
pub async fn chat<L, S>(
    mut client: ChatServiceClient<Channel>,
    user_id: &str,
    mut lines: L,
    mut show: S,
) -> Result<(), Status>
where
    L: Stream<Item = String> + Send + Unpin + 'static,
    S: FnMut(ChatMessage) + Send,
{
    let (messages, requests) = mpsc::channel(1);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    // Now there is a call, and both halves run until the server ends it.
    let listen = async {
        while let Some(reply) = replies.message().await? {
            show(reply);
        }
        Ok::<(), Status>(())
    };
    let talk = async move {
        while let Some(content) = lines.next().await {
            if messages.send(message(user_id, content)).await.is_err() {
                break;
            }
        }
        drop(messages);
        pending::<Infallible>().await
    };
    tokio::select! {
        biased;
        ended = listen => ended,
        never = talk => match never {},
    }
}

fn message(user_id: &str, content: String) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        room_id: ROOM.to_owned(),
        content,
        ..ChatMessage::default()
    }
}
