//! One side is slow: `next`, `show` or the server. What is held meanwhile, and what must not wait for it?

use futures::future::try_join;
use tokio::time::sleep;
use tonic::Status;
use workbook::grade::{Check, Peer, Script, count};

use super::callers::Callers;
use super::peers::{Exchange, echoes};
use super::{HOUR, MILLI, SECOND, Subject};

/// The limit in the exercise's text.
const MOST_HELD: usize = 300;

/// Adds what goes on while one side is slow.
pub fn check(check: Check, exercise: Subject) -> Check {
    check
        .expects("holds at most 300 messages, however slow `show` is")
        .hint("Everything that fills while `show` is slow needs a bound: queues, and windows, too.")
        .plays(async move |lab| {
            let exchange = echoes(&lab, exercise).await?;
            let callers = Callers::of_1_kib(1500).show_takes(MILLI * 10);
            let exchanged = exchange.completes(callers).await?;
            count(
                exchanged.most_held,
                "messages taken whose replies were not shown",
            )
            .at_most(MOST_HELD)
        })
        .expects("holds at most 300 messages for a server that does not read")
        .hint("Which part of your code waits when the server reads nothing?")
        .plays(async move |lab| {
            let says = Script::new().wait(SECOND * 60);
            let server = Peer::new().reads_nothing().says(says).ends_when_said();
            let exchange = Exchange::with(&lab, exercise, server).await?;
            let exchanged = exchange.run(Callers::of_1_kib(1500)).await?;
            count(
                exchanged.most_held,
                "messages taken that the server has not read",
            )
            .at_most(MOST_HELD)
        })
        .expects("shows a reply as soon as it comes, even if `next` waits for an hour")
        .hint(
            "Which of your two halves waits for the other? And what happens to replies that came \
             before the call failed?",
        )
        .plays(async move |lab| {
            let server = Peer::new().ends_after(2).with(Status::aborted("enough"));
            let exchange = Exchange::with(&lab, exercise, server).await?;
            let exchanged = exchange.run(Callers::of(2).stay()).await?;
            exchanged.showed(2)
        })
        .expects("sends a message as soon as `next` returns it, even if `show` takes an hour")
        .hint("Does anything send while your code awaits `show`?")
        .silence(HOUR * 24)
        .plays(async move |lab| {
            let exchange = echoes(&lab, exercise).await?;
            let callers = Callers::of(10).next_takes(SECOND).show_takes(HOUR);
            let look = async {
                sleep(SECOND * 12).await;
                count(
                    exchange.read(),
                    "messages that the server read while the first was shown",
                )
                .is(10)
            };
            try_join(look, exchange.completes(callers)).await.map(drop)
        })
}
