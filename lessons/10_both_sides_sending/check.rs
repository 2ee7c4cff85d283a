//! Grades the exercise: more than the windows hold, servers with habits, and ends of all kinds.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use futures::future::{LocalBoxFuture, try_join};
use tokio::time::sleep;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use workbook::grade::{Check, Peer, Script, after, count, ended, status_with_details};
use workbook::proto::chat::ChatMessage;

use peers::{Callers, Exchange};

/// The exercise.
#[derive(Clone, Copy)]
pub struct Subject {
    pub client: fn(Endpoint) -> Endpoint,
    pub exchange: fn(Channel, Next, Show) -> LocalBoxFuture<'static, Result<usize, Status>>,
}

/// Gives the next message, or None.
type Next = Box<dyn FnMut() -> LocalBoxFuture<'static, Option<ChatMessage>>>;
/// Shows a reply.
type Show = Box<dyn FnMut(ChatMessage) -> LocalBoxFuture<'static, ()>>;

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The limit in the exercise's text.
const MOST_HELD: usize = 300;

pub fn check(exercise: Subject) -> Check {
    Check::new()
        .expects("shows a reply to every message, in order")
        .hint("If it hangs: which of your awaits keeps it from reading replies, and is the sender \
             dropped when everything is sent? If a reply is missing: what happens to the message \
             of a `next` that is dropped half-way?")
        .silence(HOUR * 24)
        .each(
            [
                ("no message", Callers::of(0)),
                ("1 message", Callers::of(1)),
                ("50 messages", Callers::of(50)),
                ("3 messages of 100,000 bytes", Callers { size: 100_000, ..Callers::of(3) }),
                ("`next` takes 10 ms", Callers { next_takes: MILLI * 10, ..Callers::of(10) }),
                ("`next` takes ten hours", Callers { next_takes: HOUR * 10, ..Callers::of(3) }),
                ("`show` takes seven hours", Callers { show_takes: HOUR * 7, ..Callers::of(3) }),
            ],
            async move |lab, callers| {
                let exchange = Exchange::with(&lab, exercise, Peer::new().echoes()).await?;
                exchange.completes(callers).await.map(drop)
            },
        )
        .expects("exchanges more messages than the windows hold")
        .hint("When the windows are full in both directions, which side has to read first?")
        .each(
            [121, 2000].map(|count| (format!("{count} messages of 1 KiB"), count)),
            async move |lab, count| {
                let exchange = Exchange::with(&lab, exercise, Peer::new().echoes()).await?;
                exchange.completes(Callers::of_1_kib(count)).await.map(drop)
            },
        )
        .expects("works with a server that reads many messages before it answers one")
        .hint("The server may be waiting for your next message, or for the half-close.")
        .silence(HOUR * 24)
        .each(
            [
                ("is 2 messages behind", Peer::new().behind(2)),
                ("wants 3 messages before its headers", Peer::new().wants(3)),
                ("wants 50, and then is 20 behind", Peer::new().wants(50).behind(20)),
                ("answers only after the half-close", Peer::new().behind(usize::MAX)),
                ("takes ten hours for its headers", Peer::new().answers_after(HOUR * 10)),
            ]
            .map(|(name, server)| (format!("a server that {name}"), server)),
            async move |lab, server| {
                let exchange = Exchange::with(&lab, exercise, server.echoes()).await?;
                exchange.completes(Callers::of(60)).await.map(drop)
            },
        )
        .expects("holds at most 300 messages, however slow `show` is")
        .hint("Everything that fills while `show` is slow needs a bound: queues, and windows, too.")
        .plays(async move |lab| {
            let exchange = Exchange::with(&lab, exercise, Peer::new().echoes()).await?;
            let callers = Callers { show_takes: MILLI * 10, ..Callers::of_1_kib(1500) };
            let exchanged = exchange.completes(callers).await?;
            count(exchanged.most_held, "messages taken whose replies were not shown")
                .at_most(MOST_HELD)
        })
        .expects("holds at most 300 messages for a server that does not read")
        .hint("Which part of your code waits when the server reads nothing?")
        .plays(async move |lab| {
            let says = Script::new().wait(SECOND * 60);
            let server = Peer::new().reads_nothing().says(says).ends_when_said();
            let exchange = Exchange::with(&lab, exercise, server).await?;
            let exchanged = exchange.run(Callers::of_1_kib(1500)).await?;
            count(exchanged.most_held, "messages taken that the server has not read")
                .at_most(MOST_HELD)
        })
        .expects("shows a reply as soon as it comes, even if `next` waits for an hour")
        .hint("Which of your two halves waits for the other? And what happens to replies that came \
             before the call failed?")
        .plays(async move |lab| {
            let server = Peer::new().ends_after(2).with(Status::aborted("enough"));
            let exchange = Exchange::with(&lab, exercise, server).await?;
            let exchanged = exchange.run(Callers { ends: false, ..Callers::of(2) }).await?;
            exchanged.showed(2)
        })
        .expects("sends a message as soon as `next` returns it, even if `show` takes an hour")
        .hint("Does anything send while your code awaits `show`?")
        .silence(HOUR * 24)
        .plays(async move |lab| {
            let exchange = Exchange::with(&lab, exercise, Peer::new().echoes()).await?;
            let callers = Callers { next_takes: SECOND, show_takes: HOUR, ..Callers::of(10) };
            let look = async {
                sleep(SECOND * 12).await;
                count(exchange.read(), "messages that the server read while the first was shown").is(10)
            };
            try_join(look, exchange.completes(callers)).await.map(drop)
        })
        .expects("returns the status of a call that fails, even if `next` is still waiting")
        .hint("When one of your halves is done, what happens to the other?")
        .each(
            [
                ("before the only reply", (0, Callers { ends: false, ..Callers::of(1) })),
                ("after 3 of 3 replies", (3, Callers { ends: false, ..Callers::of(3) })),
                ("after 3 of 500 replies", (3, Callers { ends: false, ..Callers::of_1_kib(500) })),
                ("after the last of all replies", (10, Callers::of(10))),
                ("while `show` takes a second", (3, Callers { ends: false, show_takes: SECOND, ..Callers::of(3) })),
            ],
            async move |lab, (replies, callers)| {
                let status = status_with_details(Code::ResourceExhausted, "enough");
                let server = Peer::new().wants(1).ends_after(replies).with(status.clone());
                let exchange = Exchange::with(&lab, exercise, server).await?;
                let exchanged = exchange.run(callers).await?;
                ended(&exchanged.result).as_sent(&status)?;
                exchanged.showed(replies)?;
                let due = callers.show_takes * 3;
                after(exchanged.took, "the status was there, and it returned").is(due)
            },
        )
        .expects("returns the status of a call that is refused")
        .hint("A server can refuse a call before it reads any message, or after.")
        .each(
            [("before the first message", 0), ("after five messages", 5)],
            async move |lab, wants| {
                let status = status_with_details(Code::PermissionDenied, "not for you");
                let server = Peer::new().wants(wants).refuses(status.clone());
                let exchange = Exchange::with(&lab, exercise, server).await?;
                let callers = Callers { ends: false, ..Callers::of(10) };
                ended(&exchange.run(callers).await?.result).as_sent(&status)
            },
        )
        .expects("returns DataLoss when the server ends before it has answered everything")
        .hint("`None` means that the server has ended the call. How do you know how many replies there \
             should be?")
        .each(
            [
                ("1 message, and no reply", (Peer::new().ends_after(0), 1)),
                ("10 messages, and 7 replies", (Peer::new().ends_after(7), 10)),
                ("10 messages, and 9 replies", (Peer::new().ends_after(9), 10)),
                ("1,000 messages, and 5 replies", (Peer::new().ends_after(5), 1000)),
                ("1 message, read to the end, and no reply", (Peer::new(), 1)),
                ("10 messages, read to the end, and 9 replies", (Peer::new().echoes_only(9), 10)),
            ],
            async move |lab, (server, count)| {
                let exchange = Exchange::with(&lab, exercise, server).await?;
                let callers = Callers { next_takes: MILLI, ..Callers::of_1_kib(count) };
                ended(&exchange.run(callers).await?.result).with(Code::DataLoss)
            },
        )
        .expects("returns DataLoss when the server ends and `next` has more to come")
        .hint("All messages so far are answered. Does that mean that there are no others?")
        .plays(async move |lab| {
            let exchange = Exchange::with(&lab, exercise, Peer::new().ends_after(3)).await?;
            let exchanged = exchange.run(Callers { ends: false, ..Callers::of(3) }).await?;
            ended(&exchanged.result).with(Code::DataLoss)
        })
        .expects("exchanges three thousand small messages")
        .hint("It works for a few messages. What grows with their number, or stops at a limit?")
        .plays(async move |lab| {
            // Small ones, so that the check is quick; the scene `many` exchanges 100,000.
            let exchange = Exchange::with(&lab, exercise, Peer::new().echoes()).await?;
            exchange.completes(Callers::of(3000)).await.map(drop)
        })
        .expects("makes two exchanges at the same time")
        .hint("What do two exchanges share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let exchange = Exchange::with(&lab, exercise, Peer::new().echoes()).await?;
            let run = async || {
                let callers = Callers { next_takes: SECOND, ..Callers::of(3) };
                let exchanged = exchange.completes(callers).await?;
                after(exchanged.took, "`next` had returned its last after 3 s, and it returned")
                    .is(SECOND * 3)
            };
            try_join(run(), run()).await.map(drop)
        })
}
