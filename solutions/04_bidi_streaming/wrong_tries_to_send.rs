//! Wrong: `try_send` does not wait for room in the queue, so a line is lost when it is full.

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be sent.
const WAITING: usize = 16;

/// Chats as `user_id` in the room "lobby", until both sides have ended.
pub async fn chat<L, S>(
    mut client: ChatServiceClient<Channel>,
    user_id: &str,
    lines: L,
    mut show: S,
) -> Result<(), Status>
where
    L: Stream<Item = String> + Send + Unpin + 'static,
    S: FnMut(ChatMessage) + Send,
{
    let user_id = user_id.to_owned();
    let (messages, requests) = mpsc::channel(WAITING);
    let sending = tokio::spawn(async move {
        let mut lines = lines;
        while let Some(content) = lines.next().await {
            let _ = messages.try_send(message(&user_id, content));
        }
    });
    let _ends_with_the_chat = AbortOnDropHandle::new(sending);
    let mut replies = client
        .chat(ReceiverStream::new(requests))
        .await?
        .into_inner();
    while let Some(message) = replies.message().await? {
        show(message);
    }
    Ok(())
}

fn message(user_id: &str, content: String) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        content,
        room_id: "lobby".to_owned(),
        ..ChatMessage::default()
    }
}
