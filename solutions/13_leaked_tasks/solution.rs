//! Exercise 13, solved: both halves in one task, which the stream holds, and which ends them together.

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
            let speaking = async {
                while let Some(message) = said.message().await? {
                    mouth.say(&message);
                }
                // Half-closed: from now on it only listens.
                pending().await
            };
            let listening = async {
                while let Some(message) = ears.next().await {
                    if messages.send(Ok(message)).await.is_err() {
                        break;
                    }
                }
            };
            // A failure of the one ends the other, and the end of the room both: whichever is not done
            // is dropped, wherever it waits.
            let ended: Result<(), Status> = tokio::select! {
                biased;
                failed = speaking => failed,
                () = listening => Ok(()),
            };
            // The member has left the room. What is still to be said is for the client alone.
            drop((ears, mouth, said));
            if let Err(status) = ended {
                let _ = messages.send(Err(status)).await;
            }
        };
        // When the client leaves, tonic drops the stream, and the stream this handle.
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
