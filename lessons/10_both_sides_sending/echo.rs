//! `ChatService.Chat` as an echo.

use futures::stream::{BoxStream, StreamExt as _};
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// Answers each message with itself.
pub struct Echo {
    /// After how many replies it ends the call; None is after all of them.
    pub ends_after: Option<usize>,
}

#[tonic::async_trait]
impl ChatService for Echo {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    // ANCHOR: echo
    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        // No queue and no task: tonic polls the stream when it can send a reply, and only then is the next
        // message read.
        let messages = request.into_inner();
        let echo = messages.take(self.ends_after.unwrap_or(usize::MAX));
        Ok(Response::new(echo.boxed()))
    }
    // ANCHOR_END: echo
}
