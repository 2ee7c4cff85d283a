//! `ChatService.Chat` of a room that wants to know who comes before it opens the door.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{sleep, timeout};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// A room. Whoever enters says a name first; what is said after that comes back.
pub struct Room {
    /// How long a client may take for its first message; None is for ever.
    pub first_message: Option<Duration>,
    /// How long it takes to open the door.
    pub opens_after: Duration,
}

#[tonic::async_trait]
impl ChatService for Room {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    // ANCHOR: chat
    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let mut messages = request.into_inner();
        info!("a call: who is it?");
        let first = self.first(&mut messages).await?;
        info!("{} enters: answers the call", first.user_id);
        sleep(self.opens_after).await;
        // Only now do the response headers leave: they are what the client's `.await` waits for.
        let welcome = ChatMessage {
            content: format!("welcome, {}", first.user_id),
            ..ChatMessage::default()
        };
        let replies = stream::iter([Ok(welcome)]).chain(messages);
        Ok(Response::new(replies.boxed()))
    }
    // ANCHOR_END: chat
}

impl Room {
    // ANCHOR: first
    async fn first(&self, messages: &mut Streaming<ChatMessage>) -> Result<ChatMessage, Status> {
        let first = match self.first_message {
            None => messages.message().await?,
            // `Server::timeout` would hold for every method, and say Cancelled.
            Some(limit) => timeout(limit, messages.message()).await.map_err(|_| {
                info!("nobody says who it is: ends the call");
                Status::deadline_exceeded("say who you are within 10 s")
            })??,
        };
        first.ok_or_else(|| Status::invalid_argument("say who you are: send a message first"))
    }
    // ANCHOR_END: first
}
