//! `ChatService.Chat` as an echo, which logs when a call begins and ends.

use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// Answers each message with itself, and fails with InvalidArgument at the message "bad".
pub struct Echo {
    /// How long it waits before it begins to read.
    pub busy_for: Option<Duration>,
}

/// Logs that a call ends, however it ends.
struct CallEnds;

impl Drop for CallEnds {
    fn drop(&mut self) {
        info!(step = "call_ends", "a call ends");
    }
}

#[tonic::async_trait]
impl ChatService for Echo {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        info!(step = "call_begins", "a call begins");
        let call_ends = CallEnds;
        let mut messages = request.into_inner().boxed();
        if let Some(busy_for) = self.busy_for {
            let busy = async move {
                sleep(busy_for).await;
                info!(step = "begins_to_read", "begins to read");
                messages
            };
            messages = busy.flatten_stream().boxed();
        }
        let echo = messages.map(move |message| {
            let _call_ends = &call_ends;
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
