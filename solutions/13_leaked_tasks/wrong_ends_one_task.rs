//! Wrong: two tasks; the one that reads ends, and the one that listens does not hear of it.

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
        let failed = messages.clone();
        let speaking = tokio::spawn(async move {
            loop {
                match said.message().await {
                    Ok(Some(message)) => mouth.say(&message),
                    Ok(None) => return,
                    Err(status) => {
                        let _ = failed.send(Err(status)).await;
                        return;
                    }
                }
            }
        });
        let speaking = AbortOnDropHandle::new(speaking);
        tokio::spawn(async move {
            while let Some(message) = ears.next().await {
                if messages.send(Ok(message)).await.is_err() {
                    return;
                }
            }
        });
        let replies = ReceiverStream::new(taken).map(move |message| {
            let _held = &speaking;
            message
        });
        Ok(Response::new(replies.boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
