//! Wrong: both halves in a task that nobody ends.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

use super::room::Room;

/// The service.
pub struct Chat {
    /// Where everybody is: see `room.rs`.
    pub room: Arc<Room>,
}

#[tonic::async_trait]
impl ChatService for Chat {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let mut said = request.into_inner();
        let (mut ears, mouth) = self.room.enter();
        let (messages, taken) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let speaking = async {
                while let Some(message) = said.message().await? {
                    mouth.say(&message);
                }
                Ok::<_, Status>(())
            };
            let listening = async {
                while let Some(message) = ears.next().await {
                    let _ = messages.send(Ok(message)).await;
                }
            };
            let (spoken, ()) = tokio::join!(speaking, listening);
            if let Err(status) = spoken {
                let _ = messages.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(taken).boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
