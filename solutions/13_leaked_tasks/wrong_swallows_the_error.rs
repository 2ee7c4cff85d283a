//! Wrong: takes an error of the client's stream for its end.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use std::future::pending;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
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
        let call = async move {
            let publishing = async {
                while let Ok(Some(message)) = incoming.message().await {
                    publisher.publish(&message);
                }
                pending::<()>().await;
            };
            let forwarding = async {
                while let Some(message) = subscriber.next().await {
                    if messages.send(Ok(message)).await.is_err() {
                        break;
                    }
                }
            };
            tokio::select! {
                biased;
                () = publishing => {}
                () = forwarding => {}
            }
        };
        let task = AbortOnDropHandle::new(tokio::spawn(call));
        let replies = ReceiverStream::new(taken).map(move |message| {
            let _held = &task;
            message
        });
        Ok(Response::new(replies.boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
