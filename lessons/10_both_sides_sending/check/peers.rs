//! The exercise between its two callers, `next` and `show`, and a server.

use std::rc::Rc;
use std::time::Duration;

use futures::FutureExt as _;
use tokio::time::Instant;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Finding, Peer, Verdict, count, ended, ensure, sequence, within};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;

use super::callers::{Callers, Seen};
use super::{Next, Show, Subject};

/// No exchange of the check takes longer than this, in virtual time.
const EXCHANGE_LIMIT: Duration = Duration::from_secs(100 * 60 * 60);

/// HTTP/2's own default.
const WINDOW: u32 = 65_535;

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

/// The exercise, and a server that sends every message back.
pub async fn echoes(lab: &Lab, subject: Subject) -> Result<Exchange, Finding> {
    Exchange::with(lab, subject, Peer::new().echoes()).await
}

/// One exchange with this server, which shows and counts every reply.
pub async fn completes(lab: &Lab, subject: Subject, server: Peer, callers: Callers) -> Verdict {
    let exchange = Exchange::with(lab, subject, server).await?;
    exchange.completes(callers).await.map(drop)
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
        let sent = (0..replies).map(|number| self.callers.message(number));
        let number = |message: &ChatMessage| message.user_id.clone();
        sequence(&self.shown, "shown reply").is_by(&sent.collect::<Vec<_>>(), number)
    }
}
