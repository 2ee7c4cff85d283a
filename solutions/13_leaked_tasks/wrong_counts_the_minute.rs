//! Wrong: puts a member out whose queue has been full for a minute, though it has missed nothing.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

use super::room::{Publisher, Room, Subscriber};

/// One item of the response stream.
type Item = Result<ChatMessage, Status>;

/// Messages that may wait for the client. The room holds as many more.
const QUEUED: usize = 16;

/// How long the queue of a member may be full.
const PATIENCE: Duration = Duration::from_secs(60);

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
        let incoming = request.into_inner();
        let (subscriber, publisher) = self.room.join();
        let (queue, queued) = mpsc::channel(QUEUED);
        let stay = stay(incoming, subscriber, publisher, queue);
        // The stream owns the task: dropping the stream ends it.
        let task = AbortOnDropHandle::new(tokio::spawn(stay));
        let last = stream::once(task).flat_map(|ended| {
            let panicked = |_| vec![Err(Status::internal("the messages could not be forwarded"))];
            stream::iter(ended.unwrap_or_else(panicked))
        });
        Ok(Response::new(
            ReceiverStream::new(queued).chain(last).boxed(),
        ))
    }
}

/// One stay. Returns what the stream has to end with, after what is queued.
async fn stay(
    mut incoming: Streaming<ChatMessage>,
    mut subscriber: Subscriber,
    publisher: Publisher,
    queue: mpsc::Sender<Item>,
) -> Vec<Item> {
    let status = tokio::select! {
        biased;
        () = publisher.closed() => None,
        status = publish(&mut incoming, &publisher) => Some(status),
        status = forward(&mut subscriber, &queue) => status,
    };
    let mut last = subscriber.leave();
    last.extend(status.map(Err));
    last
}

/// Publishes until the client's stream fails.
async fn publish(incoming: &mut Streaming<ChatMessage>, publisher: &Publisher) -> Status {
    loop {
        match incoming.message().await {
            Ok(Some(message)) => publisher.publish(&message).await,
            // Half-closed: it still receives.
            Ok(None) => return pending::<Status>().await,
            Err(status) => return status,
        }
    }
}

/// Forwards until the room has closed, or the member has fallen behind.
async fn forward(subscriber: &mut Subscriber, queue: &mpsc::Sender<Item>) -> Option<Status> {
    loop {
        // A place first, so that no message is in hand when this future is dropped.
        let Ok(place) = timeout(PATIENCE, queue.reserve()).await else {
            return Some(Status::resource_exhausted(
                "you read too slowly: join again",
            ));
        };
        match subscriber.next().await? {
            Ok(message) => place.ok()?.send(Ok(message)),
            Err(status) => return Some(status),
        }
    }
}
