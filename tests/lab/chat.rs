//! The services that the lab's tests play with.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::time::sleep;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};

/// Echoes; the handler itself takes its time.
pub struct Echo {
    pub thinks: Duration,
}

#[tonic::async_trait]
impl ChatService for Echo {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        sleep(self.thinks).await;
        info!("a chat is opened");
        let echo = request.into_inner().inspect(|message| {
            if let Ok(message) = message {
                info!("echoes {:?}", message.content);
            }
        });
        Ok(Response::new(echo.boxed()))
    }
}

pub fn echo() -> Router {
    Server::builder().add_service(ChatServiceServer::new(Echo {
        thinks: Duration::ZERO,
    }))
}
