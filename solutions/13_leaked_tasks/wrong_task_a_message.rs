//! Wrong: a task for each message that waits, and none of them checks whether the client has disconnected.

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
        let failed = messages.clone();
        tokio::spawn(async move {
            let mut publishes = true;
            loop {
                tokio::select! {
                    biased;
                    () = messages.closed() => return,
                    received = incoming.message(), if publishes => match received {
                        Ok(Some(message)) => publisher.publish(&message).await,
                        Ok(None) => publishes = false,
                        Err(status) => {
                            let _ = failed.send(Err(status)).await;
                            return;
                        }
                    },
                    next = subscriber.next() => match next {
                        // A slow client gets its messages later.
                        Some(message) => {
                            let messages = messages.clone();
                            tokio::spawn(async move {
                                while messages.try_send(message.clone()).is_err() {
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
