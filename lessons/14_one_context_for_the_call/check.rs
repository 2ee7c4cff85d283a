//! Grades the exercise: subscriptions that are dropped at every point, and groups that end in every way.

#[path = "check/cancels.rs"]
mod cancels;
#[path = "check/group.rs"]
mod group;
#[path = "check/members.rs"]
mod members;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/subscribed.rs"]
mod subscribed;
#[path = "check/two_threads.rs"]
mod two_threads;

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::{BoxFuture, LocalBoxFuture};
use futures::stream::BoxStream;
use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, Peer, Script, sequence};
use workbook::proto::chat::ChatMessage;

use peers::{Room, at_once, broken, long, steadily};

/// The exercise: what opens a subscription, and the group.
#[derive(Clone, Copy)]
pub struct Subject {
    pub open: Open,
    pub all_or_none: AllOrNone,
}

pub type Open = fn(Channel, BoxStream<'static, ChatMessage>) -> LocalBoxFuture<'static, Opened>;

/// What `open` returns.
pub type Opened = Result<Box<dyn Call>, Status>;

pub type AllOrNone = fn(Vec<Member>) -> BoxFuture<'static, Result<(), Vec<Status>>>;

/// A member of a group.
pub type Member = BoxFuture<'static, Result<(), Status>>;

/// The exercise's subscription.
pub trait Call: Send {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<ChatMessage>, Status>>;
}

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a peer fails with this status.
type Fails = fn(Peer, Status) -> Peer;

pub fn check(subject: Subject) -> Check {
    let echo = || Peer::new().echoes();
    let exchanges = Check::new()
        .expects("sends what the source yields, and returns every reply and the end")
        .hint("The source already is a stream of requests.")
        .each(
            [
                ("no message", vec![]),
                ("one message", at_once(1)),
                ("50 messages", at_once(50)),
                ("2,000 messages", at_once(2000)),
                ("a message of 1 MiB", vec![long(1 << 20)]),
            ],
            async move |lab, messages| {
                let room = Room::open(&lab, subject, echo()).await?;
                let source = Script::new().send_all(messages.clone());
                let mut call = room.subscribe(source).await?;
                sequence(&call.rest().await?, "reply").is(&messages)
            },
        )
        .expects("sends a message as soon as the source yields it, however late that is")
        .hint("A quiet source has not ended, and a quiet server has not, either.")
        .silence(DAY)
        .each(
            [
                ("a message a second", echo(), SECOND),
                ("a message every ten hours", echo(), HOUR * 10),
                ("an answer after five hours", echo().answers_after(HOUR * 5), HOUR * 10),
            ]
            .map(|(name, peer, pause)| (name, (peer, pause))),
            async move |lab, (peer, pause)| {
                let room = Room::open(&lab, subject, peer).await?;
                room.subscribe(steadily(pause, 3)).await?.replies_every(pause, 3).await
            },
        )
        .expects("returns the status of a call that fails")
        .hint("`message()` has three outcomes, and `open` has two.")
        .each(
            [
                ("instead of an answer", Code::Aborted, Peer::refuses as Fails),
                ("before the first reply", Code::Aborted, |peer, status| peer.ends_after(0).with(status)),
                ("after two replies", Code::Aborted, |peer, status| peer.ends_after(2).with(status)),
                // Cancelled is also the server's: it has given the call up, or its handler has panicked.
                ("Cancelled, after two replies", Code::Cancelled, |peer, status| peer.ends_after(2).with(status)),
            ]
            .map(|(name, code, fails)| (name, (code, fails))),
            async move |lab, (code, fails)| {
                let room = Room::open(&lab, subject, fails(echo(), broken(code))).await?;
                room.fails(Script::new().send_all(at_once(5)).hold(), code).await
            },
        )
        .expects("loses no reply when the future of `next` is dropped")
        .hint("What has arrived of a reply must be kept in the subscription, not in the future that is dropped.")
        .plays(async move |lab| {
            let room = Room::open(&lab, subject, echo()).await?;
            let mut call = room.subscribe(Script::new().every(SECOND * 7 / 100, at_once(50))).await?;
            let mut replies = Vec::new();
            loop {
                // Dropped after one poll, and then while it waits; a reply arrives in between.
                let next = match call.next().now_or_never() {
                    Some(next) => next?,
                    None => match timeout(SECOND * 3 / 100, call.next()).await {
                        Ok(next) => next?,
                        Err(_) => {
                            lab.sleep(SECOND / 20).await;
                            continue;
                        }
                    },
                };
                let Some(reply) = next else { break };
                replies.push(reply);
            }
            sequence(&replies, "reply").is(&at_once(50))
        });
    let check = cancels::check(exchanges, subject);
    group::check(check, subject.all_or_none)
}
