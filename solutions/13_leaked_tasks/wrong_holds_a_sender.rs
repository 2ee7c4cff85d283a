//! Wrong: the publishing task holds a sender, so the stream does not end when the room closes.

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
        let publishing = async move {
            loop {
                match incoming.message().await {
                    Ok(Some(message)) => publisher.publish(&message).await,
                    Ok(None) => return,
                    Err(status) => {
                        let _ = failed.send(Err(status)).await;
                        return;
                    }
                }
            }
        };
        let forwarding = async move {
            while let Some(message) = subscriber.next().await {
                if messages.send(message).await.is_err() {
                    return;
                }
            }
        };
        let publishing = AbortOnDropHandle::new(tokio::spawn(publishing));
        let forwarding = AbortOnDropHandle::new(tokio::spawn(forwarding));
        let replies = ReceiverStream::new(taken).map(move |message| {
            let _held = (&publishing, &forwarding);
            message
        });
        Ok(Response::new(replies.boxed()))
    }
}

/// Messages that may wait for the connection.
const WAITING: usize = 1;
