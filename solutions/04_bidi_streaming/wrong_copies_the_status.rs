//! Wrong: returns a status of its own, with the code and the message of the server's and without the rest.

use futures::{Stream, StreamExt as _};
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

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
    let requests = lines.map(move |content| message(&user_id, content));
    let ended = |status: Status| Status::new(status.code(), status.message());
    let mut replies = client.chat(requests).await.map_err(ended)?.into_inner();
    while let Some(message) = replies.message().await.map_err(ended)? {
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
