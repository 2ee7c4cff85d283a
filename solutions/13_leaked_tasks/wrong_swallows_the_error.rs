//! Wrong: takes an error of the client's stream for its end.

use std::future::{pending, ready};
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
            let publishing = async {
                while let Ok(Some(message)) = incoming.message().await {
                    publisher.publish(&message).await;
                }
                // Half-closed: from now on the client only receives.
                pending().await
            };
            let forwarding = async {
                // A place first: a message that is taken is sent, even if this future is dropped then.
                while let Ok(place) = messages.reserve().await {
                    let Some(message) = subscriber.next().await else {
                        break;
                    };
                    place.send(message);
                }
            };
            // The first that is done ends all: `select!` drops the others, wherever they wait.
            let ended: Result<(), Status> = tokio::select! {
                biased;
                failed = publishing => failed,
                // While the client does not read, `forwarding` waits for a place, and would not notice.
                () = publisher.closed() => Ok(()),
                () = forwarding => Ok(()),
            };
            // Both halves leave the room before the rest is sent, because sending waits for the client.
            // Nothing here can end that wait: hyper polls the response stream only while the client's
            // window has room. It ends when the client reads, or when tonic drops the stream.
            let rest = subscriber.leave();
            drop((publisher, incoming));
            let last = match ended {
                Ok(()) => rest,
                Err(status) => vec![Err(status)],
            };
            for message in last {
                if messages.send(message).await.is_err() {
                    return;
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
