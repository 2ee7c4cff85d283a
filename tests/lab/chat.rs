//! What the lab's tests play with: an echo, and conversations with it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Router;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::lab::{Host, Lab};
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};
use workbook::run::Event;

pub const SECOND: Duration = Duration::from_secs(1);

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

/// Starts an echo server at each of these hosts.
pub fn serve(lab: &Lab, hosts: &[&str]) {
    for host in hosts {
        let started = lab.start(
            host,
            Arc::new(|host: &Host| {
                let thinks = Duration::ZERO;
                let chat = ChatServiceServer::new(Echo { thinks });
                host.serve(Server::builder().layer(host.layer()).add_service(chat))
            }),
        );
        started.expect("nothing listens there yet");
    }
}

pub async fn channel(host: &Host, to: &str) -> Channel {
    host.channel(to).await.expect("it listens")
}

/// A conversation, open until its sender is dropped.
pub async fn converse(
    channel: Channel,
) -> Result<(mpsc::Sender<ChatMessage>, Streaming<ChatMessage>), Status> {
    let (say, said) = mpsc::channel(1);
    let heard = ChatServiceClient::new(channel)
        .chat(ReceiverStream::new(said))
        .await?;
    Ok((say, heard.into_inner()))
}

pub fn message(content: &str) -> ChatMessage {
    ChatMessage {
        content: content.to_owned(),
        ..ChatMessage::default()
    }
}

/// What happened in a lab, as it happened.
pub fn watched() -> (Lab, Arc<Mutex<Vec<Event>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let lab = Lab::watched(move |event| {
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(event.clone());
    });
    (lab, events)
}
