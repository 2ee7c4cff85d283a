//! The peers of the exercise: a server that counts its calls, and sources and members that count
//! themselves.

use std::future::pending;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt as _};
use futures::{FutureExt as _, Stream};
use tokio::time::{interval, sleep};
use tokio_stream::wrappers::IntervalStream;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};

/// Nothing in this check takes longer than this, in virtual time.
pub const WAIT_LIMIT: Duration = Duration::from_secs(600);

/// What counts as the same instant: some turns of the runtime, but far less than any timer.
pub const AN_INSTANT: Duration = Duration::from_millis(5);

pub const SECOND: Duration = Duration::from_secs(1);

/// Counts the values that are alive.
#[derive(Clone, Default)]
pub struct Count(Arc<AtomicUsize>);

/// One counted value.
pub struct One(Count);

impl Count {
    pub fn now(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }

    pub fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::Relaxed);
        One(self.clone())
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a source does after its last message.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Then {
    End,
    Silence,
    /// Goes on without an end, a message every 10 ms.
    More,
}

/// A counted stream of requests "0", "1" and so on.
pub fn source(count: usize, then: Then, alive: &Count) -> BoxStream<'static, ChatMessage> {
    let say = |number: usize| ChatMessage {
        content: number.to_string(),
        ..ChatMessage::default()
    };
    let first = stream::iter((0..count).map(say));
    let rest: BoxStream<'static, ChatMessage> = match then {
        Then::End => stream::empty().boxed(),
        Then::Silence => stream::pending().boxed(),
        Then::More => IntervalStream::new(interval(Duration::from_millis(10)))
            .zip(stream::iter(count..))
            .map(move |(_, number)| say(number))
            .boxed(),
    };
    Box::pin(Counted {
        inner: first.chain(rest).boxed(),
        _one: alive.one(),
    })
}

struct Counted {
    inner: BoxStream<'static, ChatMessage>,
    _one: One,
}

impl Stream for Counted {
    type Item = ChatMessage;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<ChatMessage>> {
        self.inner.as_mut().poll_next(cx)
    }
}

/// A counted member of a group, which ends like this after so long.
pub fn member(
    after: Duration,
    end: MemberEnd,
    alive: &Count,
) -> BoxFuture<'static, Result<(), Status>> {
    let one = alive.one();
    async move {
        let _one = one;
        sleep(after).await;
        match end {
            MemberEnd::Well => Ok(()),
            MemberEnd::Badly(status) => Err(status),
            // Unwinds without the panic hook, because this panic is not a fault of the exercise.
            MemberEnd::Panic => std::panic::resume_unwind(Box::new("a member is broken")),
            MemberEnd::Never => pending().await,
        }
    }
    .boxed()
}

/// How a member ends.
pub enum MemberEnd {
    Well,
    Badly(Status),
    Panic,
    Never,
}

/// How the server behaves.
#[derive(Debug, Clone, Default)]
pub struct Act {
    /// How long it takes to answer the call.
    pub opens_after: Duration,
    /// Replies after which it fails.
    pub fails_after: Option<usize>,
    /// Whether it sends without a pause, instead of echoing.
    pub talks: bool,
}

/// Serves the act, and connects; counts the server's calls.
pub async fn serve(lab: &Lab, act: Act, calls: &Count) -> Result<Channel, Finding> {
    let service = ChatServiceServer::new(Service {
        act,
        calls: calls.clone(),
    });
    lab.serve(Server::builder().add_service(service));
    lab.channel()
        .await
        .map_err(|error| Finding::seen(format!("no connection: {error}")))
}

struct Service {
    act: Act,
    calls: Count,
}

#[tonic::async_trait]
impl ChatService for Service {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let one = self.calls.one();
        let messages = request.into_inner();
        sleep(self.act.opens_after).await;
        let replies = if self.act.talks {
            let message = ChatMessage {
                content: "x".repeat(1024),
                ..ChatMessage::default()
            };
            // Keeps the request stream alive, like a server that reads it later.
            stream::repeat(message).map(Ok).chain(messages).boxed()
        } else {
            messages.boxed()
        };
        let count = self.act.fails_after.unwrap_or(usize::MAX);
        let failure = self.act.fails_after.map(|_| Err(Status::aborted("enough")));
        let counted = replies
            .take(count)
            .chain(stream::iter(failure))
            .map(move |reply| {
                let _one = &one;
                reply
            });
        Ok(Response::new(counted.boxed()))
    }
}
