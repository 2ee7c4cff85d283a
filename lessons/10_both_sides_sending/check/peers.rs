//! The exercise between its two callers, `next` and `show`, and a server.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::time::{Instant, sleep};
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Finding, Peer, Verdict, count, ended, ensure, sequence, within};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;

use super::{Next, Show, Subject};

/// No exchange of the check takes longer than this, in virtual time.
const EXCHANGE_LIMIT: Duration = Duration::from_secs(100 * 60 * 60);

/// HTTP/2's own default.
const WINDOW: u32 = 65_535;

/// What `next` and `show` do.
#[derive(Debug, Clone, Copy)]
pub struct Callers {
    /// How many messages `next` returns.
    pub count: usize,
    /// The bytes of each.
    pub size: usize,
    /// How long `next` takes for each, once it has its message …
    pub next_takes: Duration,
    /// … and `show`.
    pub show_takes: Duration,
    /// Whether `next` returns None at the end, or never returns.
    pub ends: bool,
}

impl Callers {
    /// So many small messages, and then None, all without a pause.
    pub const fn of(count: usize) -> Self {
        Self {
            count,
            size: 10,
            next_takes: Duration::ZERO,
            show_takes: Duration::ZERO,
            ends: true,
        }
    }

    /// The same with messages of 1 KiB.
    pub const fn of_1_kib(count: usize) -> Self {
        Self {
            size: 1024,
            ..Self::of(count)
        }
    }

    fn message(&self, number: usize) -> ChatMessage {
        ChatMessage {
            user_id: number.to_string(),
            content: "x".repeat(self.size),
            timestamp: 1_700_000_000,
            room_id: "hall".to_owned(),
        }
    }
}

/// The exercise, and the server that it calls.
pub struct Exchange {
    subject: Subject,
    server: Peer,
    channel: Channel,
}

/// How the exchange ended.
pub struct Exchanged {
    callers: Callers,
    pub result: Result<usize, Status>,
    pub shown: Vec<ChatMessage>,
    pub took: Duration,
    /// The most messages that were taken and not shown yet.
    pub most_held: usize,
    asked_after_none: usize,
}

/// What the callers have seen so far.
#[derive(Default)]
struct Seen {
    taken: Cell<usize>,
    most_held: Cell<usize>,
    has_returned_none: Cell<bool>,
    asked_after_none: Cell<usize>,
    shown: RefCell<Vec<ChatMessage>>,
}

impl Seen {
    async fn next(&self, callers: Callers) -> Option<ChatMessage> {
        let number = self.taken.get();
        if number == callers.count {
            if !callers.ends {
                std::future::pending::<()>().await;
            }
            let again = usize::from(self.has_returned_none.replace(true));
            self.asked_after_none
                .set(self.asked_after_none.get() + again);
            return None;
        }
        self.taken.set(number + 1);
        let held = number + 1 - self.shown.borrow().len();
        self.most_held.set(self.most_held.get().max(held));
        // It has its message now: an exercise that drops the future here loses it.
        if !callers.next_takes.is_zero() {
            sleep(callers.next_takes).await;
        }
        Some(callers.message(number))
    }

    async fn show(&self, callers: Callers, reply: ChatMessage) {
        if !callers.show_takes.is_zero() {
            sleep(callers.show_takes).await;
        }
        self.shown.borrow_mut().push(reply);
    }
}

impl Exchange {
    pub async fn with(lab: &Lab, subject: Subject, server: Peer) -> Result<Self, Finding> {
        let server = server.window(WINDOW);
        Ok(Self {
            subject,
            channel: server.meet_with(lab, subject.client).await?,
            server,
        })
    }

    /// How many messages the server has read so far.
    pub fn read(&self) -> usize {
        self.server.read()
    }

    /// Exchanges until the exercise returns.
    pub async fn run(&self, callers: Callers) -> Result<Exchanged, Finding> {
        let seen = Rc::new(Seen::default());
        let next: Next = {
            let seen = Rc::clone(&seen);
            Box::new(move || {
                let seen = Rc::clone(&seen);
                async move { seen.next(callers).await }.boxed_local()
            })
        };
        let show: Show = {
            let seen = Rc::clone(&seen);
            Box::new(move |reply| {
                let seen = Rc::clone(&seen);
                async move { seen.show(callers, reply).await }.boxed_local()
            })
        };
        let start = Instant::now();
        let run = (self.subject.exchange)(self.channel.clone(), next, show);
        let result = within(EXCHANGE_LIMIT, "it had not returned", run).await?;
        Ok(Exchanged {
            callers,
            result,
            shown: seen.shown.take(),
            took: start.elapsed(),
            most_held: seen.most_held.get(),
            asked_after_none: seen.asked_after_none.get(),
        })
    }

    /// Exchanges, and expects every reply to be shown and counted.
    pub async fn completes(&self, callers: Callers) -> Result<Exchanged, Finding> {
        let exchanged = self.run(callers).await?;
        ended(&exchanged.result).well()?;
        exchanged.showed(callers.count)?;
        ensure(
            exchanged.result.as_ref().ok() == Some(&callers.count),
            || {
                let count = callers.count;
                format!(
                    "it returned {:?}, and {count} replies came",
                    exchanged.result
                )
            },
        )?;
        count(exchanged.asked_after_none, "calls of `next` after its None").is(0)?;
        Ok(exchanged)
    }
}

impl Exchanged {
    /// Expects the replies to the first messages to be shown, unchanged and in this order.
    pub fn showed(&self, replies: usize) -> Verdict {
        let sent: Vec<_> = (0..replies)
            .map(|number| self.callers.message(number))
            .collect();
        let number = |message: &ChatMessage| message.user_id.clone();
        let shown: Vec<_> = self.shown.iter().map(number).collect();
        let due: Vec<_> = sent.iter().map(number).collect();
        sequence(&shown, "shown reply").is(&due)?;
        sequence(&self.shown, "shown reply").is(&sent)
    }
}
