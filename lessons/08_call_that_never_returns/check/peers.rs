//! The exercise's peers: a server that reads messages before it answers, and an endless source.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};

/// How many bytes the connection may hold: the size in the exercise's text.
const WINDOW: u32 = 16 * 1024;

/// What the server does with a call.
#[derive(Debug, Clone)]
pub struct Act {
    /// Messages it reads before it answers.
    pub wants: usize,
    /// How long it waits then.
    pub opens_after: Duration,
    /// How long it takes over each message from then on.
    pub pace: Duration,
    /// Messages that it echoes before it ends the call …
    pub echoes: usize,
    /// … with this, or with OK.
    pub fails: Option<Status>,
    /// Whether it fails instead of answering.
    pub refuses: bool,
}

impl Default for Act {
    fn default() -> Self {
        Self {
            wants: 1,
            opens_after: Duration::ZERO,
            pace: Duration::ZERO,
            echoes: 3,
            fails: None,
            refuses: false,
        }
    }
}

/// Counts what was taken from the source, and what the server has read.
#[derive(Clone)]
pub struct Counts {
    /// How many messages the source gives. After that it stays pending, and does not end.
    gives: usize,
    taken: Arc<AtomicUsize>,
    read: Arc<AtomicUsize>,
    most_ahead: Arc<AtomicUsize>,
    sources: Arc<()>,
}

impl Default for Counts {
    fn default() -> Self {
        Self::of_source(usize::MAX)
    }
}

impl Counts {
    pub fn of_source(gives: usize) -> Self {
        Self {
            gives,
            taken: Arc::default(),
            read: Arc::default(),
            most_ahead: Arc::default(),
            sources: Arc::default(),
        }
    }

    /// The most by which the source was ever ahead of the server.
    pub fn most_ahead(&self) -> usize {
        self.most_ahead.load(Ordering::Relaxed)
    }

    pub fn read(&self) -> usize {
        self.read.load(Ordering::Relaxed)
    }

    /// Whether something still holds the source.
    pub fn source_is_held(&self, counts: usize) -> bool {
        Arc::strong_count(&self.sources) > counts
    }

    /// Messages "0", "1" and so on, of 1 KiB each, as fast as they are asked for.
    pub fn source(&self) -> Source {
        Source(self.clone())
    }

    fn take(&self) -> Option<usize> {
        /// A client that is so far ahead has no bound, and would take messages for ever.
        const FAR_TOO_MANY: usize = 5000;
        let taken = self.taken.load(Ordering::Relaxed);
        let ahead = (taken + 1).saturating_sub(self.read());
        if ahead > FAR_TOO_MANY || taken == self.gives {
            return None;
        }
        self.taken.store(taken + 1, Ordering::Relaxed);
        self.most_ahead.fetch_max(ahead, Ordering::Relaxed);
        Some(taken)
    }
}

/// A source of messages without an end.
pub struct Source(Counts);

impl Stream for Source {
    type Item = ChatMessage;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<ChatMessage>> {
        // No waker is registered, so a client without a bound stops here, and the test can end.
        let Some(number) = self.0.take() else {
            return Poll::Pending;
        };
        Poll::Ready(Some(ChatMessage {
            user_id: number.to_string(),
            content: "x".repeat(1024),
            ..ChatMessage::default()
        }))
    }
}

/// Serves the act, and connects to it.
pub async fn meet(lab: &Lab, act: Act, counts: &Counts) -> Result<Channel, Finding> {
    let read = Arc::clone(&counts.read);
    let server = Server::builder()
        .initial_stream_window_size(WINDOW)
        .add_service(ChatServiceServer::new(Picky { act, read }));
    lab.serve(server);
    lab.channel()
        .await
        .map_err(|error| Finding::seen(format!("no connection: {error}")))
}

struct Picky {
    act: Act,
    read: Arc<AtomicUsize>,
}

#[tonic::async_trait]
impl ChatService for Picky {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let mut messages = request.into_inner();
        let Act {
            wants,
            opens_after,
            pace,
            echoes,
            fails,
            refuses,
        } = self.act.clone();
        for _ in 0..wants {
            messages
                .message()
                .await?
                .ok_or_else(|| Status::invalid_argument("not enough"))?;
            self.read.fetch_add(1, Ordering::Relaxed);
        }
        sleep(opens_after).await;
        if refuses {
            return Err(fails.unwrap_or_else(|| Status::unavailable("closed")));
        }
        let read = Arc::clone(&self.read);
        let echo = messages.take(echoes).then(move |message| {
            let read = Arc::clone(&read);
            async move {
                sleep(pace).await;
                read.fetch_add(1, Ordering::Relaxed);
                message
            }
        });
        Ok(Response::new(
            echo.chain(stream::iter(fails.map(Err))).boxed(),
        ))
    }
}
