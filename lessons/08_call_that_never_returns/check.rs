//! Grades the exercise: with servers that read before they answer, and with an endless source.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/source.rs"]
mod source;

use std::time::Duration;

use futures::future::{LocalBoxFuture, try_join};
use futures::stream::BoxStream;
use tokio::time::sleep;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, Peer, Script, after, count, ended, ensure, status_with_details};
use workbook::proto::chat::ChatMessage;

use peers::Call;
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
    Check::new()
        .expects("is answered by a server that wants a message first")
        .hint("What is the server waiting for, and what are you waiting for before you send it?")
        .plays(async move |lab| {
            let call = Call::to(&lab, follow, Peer::new().wants(1).ends_after(1)).await?;
            ended(&call.run().await?.result).well()
        })
        .expects("is answered by a server that wants 1,000 messages first")
        .hint("However much you queue before the call, this server wants more.")
        .each(
            [5, 100, 1000].map(|wants| (format!("a server that wants {wants}"), wants)),
            async move |lab, wants| {
                let call = Call::to(&lab, follow, Peer::new().wants(wants).ends_after(1)).await?;
                ended(&call.run().await?.result).well()
            },
        )
        .expects("shows every reply, in order, and returns when the server ends the call")
        .hint("Replies come until `None`. The source never ends, so what ends the sending?")
        .each(
            [0, 1, 200].map(|replies| (format!("a server that sends {replies} messages back"), replies)),
            async move |lab, replies| {
                let call = Call::to(&lab, follow, Peer::new().wants(2).ends_after(replies)).await?;
                call.run().await?.showed_echoes(replies)
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
        )
        .expects("gives up a call that is not answered within its patience")
        .hint("How long may the answer take? And what happens to the call when your code stops \
             awaiting it?")
        .silence(HOUR * 24)
        .each(
            [
                ("a patience of 0.5 s", (SECOND / 2, Peer::new().answers_after(HOUR), Gives::ALL)),
                ("a patience of 30 s", (PATIENCE, Peer::new().answers_after(PATIENCE * 2), Gives::ALL)),
                ("a patience of ten hours", (HOUR * 10, Peer::new().answers_after(HOUR * 20), Gives::ALL)),
                (
                    "a server that reads a message every 10 s, and never answers",
                    (PATIENCE, Peer::new().wants(usize::MAX), Gives { most: 100, pace: SECOND * 10 }),
                ),
            ],
            async move |lab, (patience, server, gives)| {
                let call = Call::to(&lab, follow, server).await?;
                let followed = call.run_with(patience, gives).await?;
                ended(&followed.result).with(Code::DeadlineExceeded)?;
                after(followed.took, "it gave up").is(patience)?;
                call.is_over().await
            },
        )
        .expects("does not give up a call that has been answered")
        .hint("The patience limits the wait for the answer, not the conversation after it.")
        .silence(HOUR * 24)
        .each(
            [
                ("a reply every 10 s", (SECOND * 10, Gives::ALL)),
                ("a reply every 40 s", (SECOND * 40, Gives::ALL)),
                ("a reply every ten hours", (HOUR * 10, Gives::ALL)),
                ("a message of the source every ten hours", (Duration::ZERO, Gives::every(HOUR * 10))),
            ],
            async move |lab, (pace, gives)| {
                let server = Peer::new().reads_every(pace).ends_after(3);
                let call = Call::to(&lab, follow, server).await?;
                call.run_with(PATIENCE, gives).await?.showed_echoes(3)
            },
        )
        .expects("returns the server's status, before and after the answer")
        .hint("The call can fail, and so can the stream of its replies.")
        .each(
            [Code::PermissionDenied, Code::Cancelled, Code::DeadlineExceeded].into_iter().flat_map(|code| {
                let status = status_with_details(code, "you are not on the list");
                let after = |replies| Peer::new().wants(1).ends_after(replies).with(status.clone());
                [
                    (format!("{code:?} instead of an answer"), (status.clone(), Peer::new().wants(1).refuses(status.clone()))),
                    (format!("{code:?} after the answer"), (status.clone(), after(0))),
                    (format!("{code:?} after 3 replies"), (status.clone(), after(3))),
                ]
            }),
            async move |lab, (status, server)| {
                let call = Call::to(&lab, follow, server).await?;
                ended(&call.run().await?.result).as_sent(&status)
            },
        )
        .expects("returns an error when the connection breaks")
        .hint("`None` is an end, and a broken connection is none.")
        .plays(async move |lab| {
            let call = Call::to(&lab, follow, Peer::new().wants(1).echoes_only(3)).await?;
            let breaks = async {
                sleep(SECOND).await;
                lab.cut();
                Ok(())
            };
            let (followed, ()) = try_join(call.run_with(PATIENCE, Gives::only(10)), breaks).await?;
            ensure(followed.result.is_err(), || "it returned Ok")
        })
        .expects("follows two calls at the same time")
        .hint("What do two calls share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let server = Peer::new().reads_every(SECOND).ends_after(3);
            let call = Call::to(&lab, follow, server).await?;
            let run = async || {
                let followed = call.run_with(PATIENCE, Gives::ALL).await?;
                ended(&followed.result).well()?;
                after(followed.took, "three seconds of replies had been shown").is(SECOND * 3)
            };
            try_join(run(), run()).await.map(drop)
        })
        .expects("drops the source when the call is over")
        .hint("A task that sends does not end by itself when the call ends.")
        .each(
            [
                ("the server ended with OK", (Peer::new().wants(1).ends_after(3), Gives::ALL)),
                ("the server failed", (Peer::new().ends_after(3).with(closing_time()), Gives::ALL)),
                ("the server refused", (Peer::new().wants(1).refuses(closing_time()), Gives::ALL)),
                // As many as the server reads before it ends, and not one more.
                ("the source had fallen silent", (Peer::new().wants(1).ends_after(3), Gives::only(3))),
                ("the source is slow", (Peer::new().wants(1).ends_after(3), Gives::every(HOUR / 2))),
            ],
            async move |lab, (server, gives)| {
                let call = Call::to(&lab, follow, server).await?;
                // How it ended is the other expectations' concern.
                let _ = call.run_with(PATIENCE, gives).await?.result;
                call.is_over().await
            },
        )
}

fn closing_time() -> Status {
    Status::unavailable("closing time")
}

/// A reply that echoes nothing, with every field set.
fn unasked(number: usize) -> ChatMessage {
    ChatMessage {
        user_id: "server".to_owned(),
        content: format!("news {number}"),
        timestamp: 1_700_000_000,
        room_id: "hall".to_owned(),
    }
}
