//! Wrong: both halves in a detached task, which goes on when the client disconnects.

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
    /// The room of all members: see `room.rs`.
    pub room: Arc<Room>,
}

#[tonic::async_trait]
impl ChatService for Chat {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let mut incoming = request.into_inner();
        let (mut subscriber, publisher) = self.room.join();
        let (messages, taken) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            let publishing = async {
                while let Some(message) = incoming.message().await? {
                    publisher.publish(&message);
                }
                Ok::<_, Status>(())
            };
            let forwarding = async {
                while let Some(message) = subscriber.next().await {
                    let _ = messages.send(Ok(message)).await;
                }
            };
            let (published, ()) = tokio::join!(publishing, forwarding);
            if let Err(status) = published {
                let _ = messages.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(taken).boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
