//! The exercise's peer: a server that follows a script.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, Stream, StreamExt as _};
use tokio::time::{Instant, sleep, sleep_until};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};

/// What the server will do. Times are in milliseconds after the call begins.
#[derive(Clone, Default)]
pub struct Script {
    echoes: bool,
    sends: Vec<(u64, &'static str)>,
    after_the_end: Option<(u64, &'static str)>,
    ends: Option<(u64, Option<Status>)>,
    refuses: Option<Status>,
}

impl Script {
    /// Echoes every line, and ends when the client does.
    pub fn echo() -> Self {
        Self {
            echoes: true,
            ..Self::default()
        }
    }

    /// Sends nothing, and ends when the client does.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Sends a message at a given time, whatever the client does.
    pub fn sends_at(mut self, at: u64, content: &'static str) -> Self {
        self.sends.push((at, content));
        self
    }

    /// Sends a message so long after the client has half-closed.
    pub fn sends_after_the_end(self, later: u64, content: &'static str) -> Self {
        Self {
            after_the_end: Some((later, content)),
            ..self
        }
    }

    /// Refuses the call itself.
    pub fn refuses(self, status: Status) -> Self {
        Self {
            refuses: Some(status),
            ..self
        }
    }

    /// Ends the call at a given time, with OK or with a status.
    pub fn ends_at(self, at: u64, status: Option<Status>) -> Self {
        Self {
            ends: Some((at, status)),
            ..self
        }
    }
}

/// Each side's stream window, in bytes: small, so that a side that does not read soon stops the other.
pub const WINDOW: u32 = 16 * 1024;

/// A server that follows a script, and records what it receives.
#[derive(Clone)]
pub struct Peer {
    script: Script,
    received: Arc<Mutex<Vec<ChatMessage>>>,
}

impl Peer {
    pub fn new(script: Script) -> Self {
        Self {
            script,
            received: Arc::default(),
        }
    }

    pub fn serve(&self, lab: &Lab) {
        lab.serve(
            Server::builder()
                .initial_stream_window_size(WINDOW)
                .add_service(ChatServiceServer::new(self.clone())),
        );
    }

    /// What the client has sent so far.
    pub fn received(&self) -> Vec<ChatMessage> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What the server sends in return: the echoes, if it echoes, and a message after the end.
    fn answers(
        &self,
        lines: Streaming<ChatMessage>,
    ) -> impl Stream<Item = Result<ChatMessage, Status>> + Send + use<> {
        let received = Arc::clone(&self.received);
        let echoes = self.script.echoes;
        let echoed = lines.filter_map(move |line| {
            let echo = line.map(|message| {
                received
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(message.clone());
                echoes.then_some(message)
            });
            futures::future::ready(echo.transpose())
        });
        let last = stream::iter(self.script.after_the_end).then(|(later, content)| async move {
            sleep(Duration::from_millis(later)).await;
            Ok(message(content))
        });
        echoed.chain(last)
    }
}

#[tonic::async_trait]
impl ChatService for Peer {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        if let Some(status) = &self.script.refuses {
            return Err(status.clone());
        }
        let start = Instant::now();
        let after = move |milliseconds| sleep_until(start + Duration::from_millis(milliseconds));
        let unasked =
            stream::iter(self.script.sends.clone()).then(move |(at, content)| async move {
                after(at).await;
                Ok(message(content))
            });
        let all = stream::select(unasked, self.answers(request.into_inner()));
        let Some((at, status)) = self.script.ends.clone() else {
            return Ok(Response::new(all.boxed()));
        };
        let all = all
            .take_until(after(at))
            .chain(stream::iter(status.map(Err)));
        Ok(Response::new(all.boxed()))
    }
}

fn message(content: &str) -> ChatMessage {
    ChatMessage {
        user_id: "server".to_owned(),
        content: content.to_owned(),
        ..ChatMessage::default()
    }
}
