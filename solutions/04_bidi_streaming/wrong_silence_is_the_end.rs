//! Wrong: takes a silence of ten minutes for the end of the call.

use std::time::Duration;

use futures::{Stream, StreamExt as _};
use tokio::time::timeout;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// A room in which this long nothing is said is closed.
const SILENCE: Duration = Duration::from_secs(10 * 60);

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
    let mut replies = client.chat(requests).await?.into_inner();
    while let Ok(message) = timeout(SILENCE, replies.message()).await {
        match message? {
            Some(message) => show(message),
            None => return Ok(()),
        }
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
