//! `ChatService.Chat` of a room that reads a first message before it answers the call.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{sleep, timeout};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// A room. The first message names the user. The messages after it are echoed.
pub struct Room {
    /// How long a client may take for its first message; None is no limit.
    pub first_message: Option<Duration>,
    /// How long the room waits after the first message before it answers.
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
        info!("a call: awaits a message");
        let first = self.first(&mut messages).await?;
        info!(
            user = first.user_id,
            "{} enters: answers the call", first.user_id
        );
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
            // `Server::timeout` would apply to every method, and end the call with Cancelled.
            Some(limit) => timeout(limit, messages.message()).await.map_err(|_| {
                let limit_s = limit.as_secs_f64();
                info!(
                    limit_s,
                    "no first message within {limit_s} s: ends the call"
                );
                Status::deadline_exceeded(format!("say who you are within {limit_s} s"))
            })??,
        };
        first.ok_or_else(|| Status::invalid_argument("say who you are: send a message first"))
    }
    // ANCHOR_END: first
}
