//! Wrong: the call is over, and the next line is still awaited.

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

/// How many lines the mpsc channel holds.
const WAITING: usize = 1;

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
    let (say, said) = mpsc::channel(WAITING);
    let mut heard = client.chat(ReceiverStream::new(said)).await?.into_inner();
    let talk = async move {
        while let Some(content) = lines.next().await {
            if say.send(message(user_id, content)).await.is_err() {
                return;
            }
        }
    };
    let listen = async {
        while let Some(message) = heard.message().await? {
            show(message);
        }
        Ok(())
    };
    let ((), listened) = tokio::join!(talk, listen);
    listened
}

fn message(user_id: &str, content: String) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        content,
        room_id: "lobby".to_owned(),
        ..ChatMessage::default()
    }
}
