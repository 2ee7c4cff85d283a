//! Wrong: one loop for both halves, which waits in the middle of the one and forgets the other.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
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
        let call = async move {
            let mut speaks = true;
            loop {
                tokio::select! {
                    biased;
                    said = said.message(), if speaks => match said {
                        Ok(Some(message)) => mouth.say(&message),
                        Ok(None) => speaks = false,
                        Err(status) => {
                            drop((ears, mouth));
                            let _ = messages.send(Err(status)).await;
                            return;
                        }
                    },
                    heard = ears.next() => match heard {
                        Some(message) => {
                            if messages.send(Ok(message)).await.is_err() {
                                return;
                            }
                        }
                        None => return,
                    },
                }
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
