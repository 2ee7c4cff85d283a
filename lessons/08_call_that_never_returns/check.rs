//! Grades the exercise: with servers that read before they answer, with an endless source, and then how
//! its calls end.

#[path = "check/ends.rs"]
mod ends;
#[path = "check/patience.rs"]
mod patience;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/source.rs"]
mod source;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Check, Peer, Script, count, ended};
use workbook::proto::chat::ChatMessage;

use peers::{Call, follows, unasked};
use source::Gives;

/// The exercise: follows a call with this source and this patience, and shows the replies.
pub type Subject = for<'a> fn(
    Channel,
    BoxStream<'static, ChatMessage>,
    Duration,
    Show<'a>,
) -> LocalBoxFuture<'a, Result<(), Status>>;

/// What shows a reply.
type Show<'a> = Box<dyn FnMut(ChatMessage) + Send + 'a>;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The exercise's patience, where it is not a case's own.
const PATIENCE: Duration = Duration::from_secs(30);

/// The limit in the exercise's text.
const MOST_AHEAD: usize = 128;

pub fn check(follow: Subject) -> Check {
    let check = Check::new()
        .expects("is answered by a server that wants a message first")
        .hint("What is the server waiting for, and what are you waiting for before you send it?")
        .plays(async move |lab| {
            let followed = follows(&lab, follow, Peer::new().wants(1).ends_after(1)).await?;
            ended(&followed.result).well()
        })
        .expects("is answered by a server that wants 1,000 messages first")
        .hint("However much you queue before the call, this server wants more.")
        .each(
            [5, 100, 1000].map(|wants| (format!("a server that wants {wants}"), wants)),
            async move |lab, wants| {
                let followed = follows(&lab, follow, Peer::new().wants(wants).ends_after(1)).await?;
                ended(&followed.result).well()
            },
        )
        .expects("shows every reply, in order, and returns when the server ends the call")
        .hint("Replies come until `None`. The source never ends, so what ends the sending?")
        .each(
            [0, 1, 200].map(|replies| (format!("a server that sends {replies} messages back"), replies)),
            async move |lab, replies| {
                let server = Peer::new().wants(2).ends_after(replies);
                follows(&lab, follow, server).await?.showed_echoes(replies)
            },
        )
        .expects("shows replies that come unasked, and those that come together with the end")
        .hint("How many replies there are does not depend on how many messages were sent.")
        .each(
            [3, 2000].map(|replies| (format!("{replies} replies and the end at once"), replies)),
            async move |lab, replies| {
                let replies: Vec<_> = (0..replies).map(unasked).collect();
                let says = Script::new().wait(SECOND).send_all(replies.clone());
                let server = Peer::new().says(says).reads_nothing().ends_when_said();
                let call = Call::to(&lab, follow, server).await?;
                call.run_with(PATIENCE, Gives::only(3)).await?.showed(&replies)
            },
        )
        .expects("sends every message that it takes from the source, in order")
        .hint("What becomes of a message when there is no room for it?")
        .each(
            [
                ("a server that reads at once", Duration::ZERO),
                ("a server that reads a message a second", SECOND),
            ],
            async move |lab, pace| {
                let server = Peer::new().reads_every(pace).ends_after(300);
                let call = Call::to(&lab, follow, server).await?;
                call.run().await?.showed_echoes(300)?;
                call.brought(300)
            },
        )
        .expects("makes one call, and waits for its answer")
        .hint("A second call starts again from nothing: the server has not read any message of it.")
        .plays(async move |lab| {
            let server = Peer::new().wants(1).answers_after(PATIENCE - SECOND / 10).ends_after(1);
            let call = Call::to(&lab, follow, server).await?;
            let followed = call.run().await?;
            call.has_made(1)?;
            ended(&followed.result).well()
        })
        .expects("never takes more than 128 messages ahead of the server")
        .hint("Every queue needs a bound, and the messages in tonic's buffer and in the window count, \
             too. Which code should wait when they are full?")
        .each(
            [
                ("answers after 20 s", Peer::new().wants(1).answers_after(SECOND * 20).ends_after(3)),
                ("reads a message a second", Peer::new().reads_every(SECOND).ends_after(100)),
                (
                    "reads none for a minute after its answer",
                    Peer::new().reads_nothing().says(Script::new().wait(SECOND * 60)).ends_when_said(),
                ),
            ]
            .map(|(name, server)| (format!("a server that {name}"), server)),
            async move |lab, server| {
                let call = Call::to(&lab, follow, server).await?;
                call.run().await?;
                count(call.taken.most_ahead(), "messages ahead of the server").at_most(MOST_AHEAD)
            },
        );
    let check = patience::check(check, follow);
    ends::check(check, follow)
}
