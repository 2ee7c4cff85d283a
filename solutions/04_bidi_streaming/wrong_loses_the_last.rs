//! Wrong: a task reads into a queue, and the end of the task wins against the messages in the queue.

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// Messages that may wait to be shown.
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
    let requests = lines.map(move |content| message(&user_id, content));
    let (messages, mut received) = mpsc::channel(WAITING);
    let reading = tokio::spawn(async move {
        let mut replies = client.chat(requests).await?.into_inner();
        while let Some(message) = replies.message().await? {
            // It fails only when the chat has been dropped.
            let _ = messages.send(message).await;
        }
        Ok(())
    });
    let mut reading = AbortOnDropHandle::new(reading);
    loop {
        tokio::select! {
            biased;
            ended = &mut reading => {
                return ended.unwrap_or_else(|_| Err(Status::internal("the reader panicked")));
            }
            Some(message) = received.recv() => show(message),
        }
    }
}

fn message(user_id: &str, content: String) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        content,
        room_id: "lobby".to_owned(),
        ..ChatMessage::default()
    }
}
