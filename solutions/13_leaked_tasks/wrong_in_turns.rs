//! Wrong: one loop for both halves: while it waits to send to the client, it does not read from it.

use std::future::ready;
use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
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
            let mut publishes = true;
            loop {
                tokio::select! {
                    biased;
                    received = incoming.message(), if publishes => match received {
                        Ok(Some(message)) => publisher.publish(&message).await,
                        Ok(None) => publishes = false,
                        Err(status) => {
                            drop((subscriber, publisher));
                            let _ = messages.send(Err(status)).await;
                            return;
                        }
                    },
                    next = subscriber.next() => match next {
                        Some(message) => {
                            if messages.send(message).await.is_err() {
                                return;
                            }
                        }
                        None => return,
                    },
                }
            }
        };
        // When the client disconnects, tonic drops the stream, and with it this handle. A panic drops the
        // sender as a return does; only the handle tells them apart (lesson 05).
        let task = AbortOnDropHandle::new(tokio::spawn(call));
        let panic = stream::once(task).filter_map(|ended| {
            let panicked = |_| Err(Status::internal("the messages could not be forwarded"));
            ready(ended.err().map(panicked))
        });
        let replies = ReceiverStream::new(taken).chain(panic);
        Ok(Response::new(replies.boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
