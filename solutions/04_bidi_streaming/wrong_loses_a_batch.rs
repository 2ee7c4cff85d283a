//! Wrong: shows in batches, and loses the batch that an error ends.

use futures::{Stream, StreamExt as _, TryStreamExt as _};
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// The room that we talk in.
const ROOM: &str = "lobby";

/// How many messages are shown together.
const BATCH: usize = 64;

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
    let replies = client.chat(requests).await?.into_inner();
    // One redraw for all that is there.
    let mut batches = replies.try_ready_chunks(BATCH);
    while let Some(batch) = batches.try_next().await.map_err(|failed| failed.1)? {
        for reply in batch {
            show(reply);
        }
    }
    Ok(())
}

fn message(user_id: &str, content: String) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        room_id: ROOM.to_owned(),
        content,
        ..ChatMessage::default()
    }
}
