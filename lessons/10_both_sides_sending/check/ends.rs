//! How an exchange ends: with a status, too early, or after many messages, and beside another one.

use futures::future::try_join;
use tonic::Code;
use workbook::grade::{Check, Peer, after, ended, status_with_details};

use super::callers::Callers;
use super::peers::{Exchange, completes, echoes};
use super::{MILLI, SECOND, Subject};

/// Adds how an exchange may end.
pub fn check(check: Check, exercise: Subject) -> Check {
    check
        .expects("returns the status of a call that fails, even if `next` is still waiting")
        .hint("When one of your halves is done, what happens to the other?")
        .each(
            [
                ("before the only reply", (0, Callers::of(1).stay())),
                ("after 3 of 3 replies", (3, Callers::of(3).stay())),
                ("after 3 of 500 replies", (3, Callers::of_1_kib(500).stay())),
                ("after the last of all replies", (10, Callers::of(10))),
                ("while `show` takes a second", (3, Callers::of(3).stay().show_takes(SECOND))),
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
            [
                ("before the first message", (0, Callers::of(10).stay())),
                ("after five messages", (5, Callers::of(10).stay())),
                ("and nothing is to be sent", (0, Callers::of(0))),
            ],
            async move |lab, (wants, callers)| {
                let status = status_with_details(Code::PermissionDenied, "not for you");
                let server = Peer::new().wants(wants).refuses(status.clone());
                let exchange = Exchange::with(&lab, exercise, server).await?;
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
                let callers = Callers::of_1_kib(count).next_takes(MILLI);
                ended(&exchange.run(callers).await?.result).with(Code::DataLoss)
            },
        )
        .expects("returns DataLoss when the server ends and `next` has more to come")
        .hint("All messages so far are answered. Does that mean that there are no others?")
        .plays(async move |lab| {
            let exchange = Exchange::with(&lab, exercise, Peer::new().ends_after(3)).await?;
            let exchanged = exchange.run(Callers::of(3).stay()).await?;
            ended(&exchanged.result).with(Code::DataLoss)
        })
        .expects("exchanges three thousand small messages")
        .hint("It works for a few messages. What grows with their number, or stops at a limit?")
        .plays(async move |lab| {
            // Small ones, so that the check is quick; the scene `many` exchanges 100,000.
            completes(&lab, exercise, Peer::new().echoes(), Callers::of(3000)).await
        })
        .expects("makes two exchanges at the same time")
        .hint("What do two exchanges share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let exchange = echoes(&lab, exercise).await?;
            let run = async || {
                let callers = Callers::of(3).next_takes(SECOND);
                let exchanged = exchange.completes(callers).await?;
                after(exchanged.took, "`next` had returned its last after 3 s, and it returned")
                    .is(SECOND * 3)
            };
            try_join(run(), run()).await.map(drop)
        })
}
