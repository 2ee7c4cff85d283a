//! Grades the exercise: more than the windows hold, servers with habits, and then sides that are slow, and ends
//! of all kinds.

#[path = "check/callers.rs"]
mod callers;
#[path = "check/ends.rs"]
mod ends;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/slow.rs"]
mod slow;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::grade::{Check, Peer};
use workbook::proto::chat::ChatMessage;

use callers::Callers;
use peers::completes;

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

pub fn check(exercise: Subject) -> Check {
    let check = Check::new()
        .expects("shows a reply to every message, in order")
        .hint(
            "If it hangs: which of your awaits keeps it from reading replies, and is the sender \
             dropped when everything is sent? If a reply is missing: what happens to the message \
             of a `next` that is dropped half-way?",
        )
        .silence(HOUR * 24)
        .each(
            [
                ("no message", Callers::of(0)),
                ("1 message", Callers::of(1)),
                ("50 messages", Callers::of(50)),
                ("3 messages of 100,000 bytes", Callers::of(3).bytes(100_000)),
                ("`next` takes 10 ms", Callers::of(10).next_takes(MILLI * 10)),
                (
                    "`next` takes ten hours",
                    Callers::of(3).next_takes(HOUR * 10),
                ),
                (
                    "`show` takes seven hours",
                    Callers::of(3).show_takes(HOUR * 7),
                ),
            ],
            async move |lab, callers| {
                completes(&lab, exercise, Peer::new().echoes(), callers).await
            },
        )
        .expects("exchanges more messages than the windows hold")
        .hint("When the windows are full in both directions, which side has to read first?")
        .each(
            [121, 2000].map(|count| (format!("{count} messages of 1 KiB"), count)),
            async move |lab, count| {
                let callers = Callers::of_1_kib(count);
                completes(&lab, exercise, Peer::new().echoes(), callers).await
            },
        )
        .expects("works with a server that reads many messages before it answers one")
        .hint("The server may be waiting for your next message, or for the half-close.")
        .silence(HOUR * 24)
        .each(
            [
                ("is 2 messages behind", Peer::new().behind(2)),
                ("wants 3 messages before its headers", Peer::new().wants(3)),
                (
                    "wants 50, and then is 20 behind",
                    Peer::new().wants(50).behind(20),
                ),
                (
                    "answers only after the half-close",
                    Peer::new().behind(usize::MAX),
                ),
                (
                    "takes ten hours for its headers",
                    Peer::new().answers_after(HOUR * 10),
                ),
            ]
            .map(|(name, server)| (format!("a server that {name}"), server)),
            async move |lab, server| {
                completes(&lab, exercise, server.echoes(), Callers::of(60)).await
            },
        );
    let check = slow::check(check, exercise);
    ends::check(check, exercise)
}
