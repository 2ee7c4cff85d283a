//! Wrong: reads nothing until every line has been sent.

use futures::{Stream, StreamExt as _};
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

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
    let mut said = Vec::new();
    while let Some(content) = lines.next().await {
        said.push(message(user_id, content));
    }
    let mut heard = client.chat(futures::stream::iter(said)).await?.into_inner();
    while let Some(message) = heard.message().await? {
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
