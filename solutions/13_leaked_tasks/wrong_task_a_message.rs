//! Wrong: a task for each message that waits, and none of them looks whether anybody is there.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio::time::sleep;
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
        let failed = messages.clone();
        tokio::spawn(async move {
            let mut speaks = true;
            loop {
                tokio::select! {
                    biased;
                    () = messages.closed() => return,
                    said = said.message(), if speaks => match said {
                        Ok(Some(message)) => mouth.say(&message),
                        Ok(None) => speaks = false,
                        Err(status) => {
                            let _ = failed.send(Err(status)).await;
                            return;
                        }
                    },
                    heard = ears.next() => match heard {
                        // A client that is slow gets its messages later.
                        Some(message) => {
                            let messages = messages.clone();
                            tokio::spawn(async move {
                                while messages.try_send(Ok(message.clone())).is_err() {
                                    sleep(Duration::from_secs(1)).await;
                                }
                            });
                        }
                        None => return,
                    },
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(taken).boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
