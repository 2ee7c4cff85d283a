//! `ChatService.Chat` that says back what it hears, and says when it is over.

use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// Answers each message with itself. Does not like "bad".
pub struct Echo {
    /// How long it does something else before it begins to read.
    pub busy_for: Option<Duration>,
}

/// Says that a call is over, however it ended.
struct Over;

impl Drop for Over {
    fn drop(&mut self) {
        info!("a call is over");
    }
}

#[tonic::async_trait]
impl ChatService for Echo {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        info!("a call");
        let over = Over;
        let mut messages = request.into_inner().boxed();
        if let Some(busy_for) = self.busy_for {
            let busy = async move {
                sleep(busy_for).await;
                info!("begins to read");
                messages
            };
            messages = busy.flatten_stream().boxed();
        }
        let echo = messages.map(move |message| {
            let _over = &over;
            match message {
                Ok(message) if message.content == "bad" => {
                    Err(Status::invalid_argument("that is a bad word"))
                }
                other => other,
            }
        });
        Ok(Response::new(echo.boxed()))
    }
}
