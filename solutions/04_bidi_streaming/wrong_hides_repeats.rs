//! Wrong: does not show a message that it has shown before, so a line that is sent twice is shown once.

use std::collections::HashSet;

use futures::{Stream, StreamExt as _};
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

fn message(user_id: &str, content: String) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        content,
        timestamp: 0,
        room_id: "lobby".to_owned(),
    }
}

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
    let own = user_id.to_owned();
    let mut shown = HashSet::new();
    let requests = lines.map(move |line| message(&own, line));
    let mut replies = client.chat(requests).await?.into_inner();
    while let Some(reply) = replies.message().await? {
        // The room repeats what is said twice in the same second.
        if shown.insert((
            reply.user_id.clone(),
            reply.content.clone(),
            reply.timestamp,
        )) {
            show(reply);
        }
    }
    Ok(())
}
