//! The peers of the exercise: servers that answer early, late or not at all, and a producer that counts.

use std::cell::Cell;
use std::collections::VecDeque;
use std::future::ready;
use std::rc::Rc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{sleep, timeout};
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::{ChatService, ChatServiceServer};

use super::super::exercise;

/// No exchange below takes longer than this, in virtual time.
const EXCHANGE_LIMIT: Duration = Duration::from_secs(600);

/// HTTP/2's own default.
const WINDOW: u32 = 65_535;

/// How the server answers.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    /// Messages that it reads before it sends anything, headers included.
    pub reads_first: usize,
    /// How many it reads ahead of its answers, from then on.
    pub behind: usize,
    /// Answers after which it ends …
    pub answers: usize,
    /// … with this.
    pub ends_with: Code,
    /// Whether it reads to the half-close before it ends, and answers no more.
    pub reads_all: bool,
}

impl Default for Act {
    fn default() -> Self {
        Self {
            reads_first: 0,
            behind: 0,
            answers: usize::MAX,
            ends_with: Code::Ok,
            reads_all: false,
        }
    }
}

/// What the client sends, and how.
#[derive(Debug, Clone, Copy)]
pub struct Talk {
    pub count: usize,
    /// Bytes of each message.
    pub size: usize,
    /// How long `next` takes …
    pub pause: Duration,
    /// … and `show`.
    pub show_takes: Duration,
    /// Whether `next` returns None at the end, or never returns.
    pub ends: bool,
}

impl Default for Talk {
    fn default() -> Self {
        Self {
            count: 10,
            size: 10,
            pause: Duration::ZERO,
            show_takes: Duration::ZERO,
            ends: true,
        }
    }
}

/// How the exchange ended.
pub struct Exchanged {
    pub result: Result<usize, Status>,
    pub shown: Vec<usize>,
    /// The most messages that were taken and not shown yet.
    pub most_held: usize,
}

/// Runs the exercise against a server that acts like that.
pub async fn exchange(lab: &Lab, act: Act, talk: Talk) -> Result<Exchanged, Finding> {
    let server = Server::builder()
        .initial_stream_window_size(WINDOW)
        .add_service(ChatServiceServer::new(Answers(act)));
    lab.serve(server);
    let configured = |endpoint: tonic::transport::Endpoint| {
        exercise::client(endpoint.initial_stream_window_size(WINDOW))
    };
    let channel = lab.channel_with(configured).await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;

    let (taken, most) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
    let shown = Rc::new(std::cell::RefCell::new(Vec::new()));
    let next = {
        let (taken, most, shown) = (Rc::clone(&taken), Rc::clone(&most), Rc::clone(&shown));
        async move || {
            if taken.get() == talk.count {
                if !talk.ends {
                    std::future::pending::<()>().await;
                }
                return None;
            }
            let number = taken.get();
            taken.set(number + 1);
            most.set(most.get().max(taken.get() - shown.borrow().len()));
            // `next` has its message now: a caller that drops the future here loses it.
            if !talk.pause.is_zero() {
                sleep(talk.pause).await;
            }
            Some(ChatMessage {
                user_id: number.to_string(),
                content: "x".repeat(talk.size),
                ..ChatMessage::default()
            })
        }
    };
    let show = {
        let shown = Rc::clone(&shown);
        async move |reply: ChatMessage| {
            if !talk.show_takes.is_zero() {
                sleep(talk.show_takes).await;
            }
            shown
                .borrow_mut()
                .push(reply.user_id.parse().unwrap_or(usize::MAX));
        }
    };
    let result = timeout(EXCHANGE_LIMIT, exercise::exchange(channel, next, show)).await;
    let (so_far, taken) = (shown.borrow().len(), taken.get());
    let result = result.map_err(|_| {
        Finding::seen(format!(
            "it did not return: {taken} of {} messages were taken, {so_far} replies shown",
            talk.count
        ))
    })?;
    let shown = shown.borrow().clone();
    Ok(Exchanged {
        result,
        shown,
        most_held: most.get(),
    })
}

struct Answers(Act);

#[tonic::async_trait]
impl ChatService for Answers {
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let mut messages = request.into_inner();
        let Act {
            reads_first,
            behind,
            answers,
            ends_with,
            reads_all,
        } = self.0;
        let mut read = VecDeque::new();
        for _ in 0..reads_first {
            read.extend(messages.message().await?);
        }
        let echo = stream::unfold(
            (messages, read, behind),
            |(mut messages, mut read, behind)| async move {
                while read.len() <= behind {
                    match messages.message().await {
                        Ok(Some(message)) => read.push_back(message),
                        Ok(None) => break,
                        Err(status) => return Some((Err(status), (messages, read, behind))),
                    }
                }
                let reply = read.pop_front()?;
                Some((Ok(reply), (messages, read, behind)))
            },
        );
        let last = (ends_with != Code::Ok).then(|| Err(Status::new(ends_with, "enough")));
        let echo = if reads_all {
            let is_answered = move |(index, reply)| ready((index < answers).then_some(reply));
            echo.enumerate().filter_map(is_answered).boxed()
        } else {
            echo.take(answers).boxed()
        };
        Ok(Response::new(echo.chain(stream::iter(last)).boxed()))
    }
}
