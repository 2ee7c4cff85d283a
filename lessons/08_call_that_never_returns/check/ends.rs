//! How a call ends: with the server's status, or with its connection. And what is left of it then.

use futures::future::try_join;
use tokio::time::sleep;
use tonic::{Code, Status};
use workbook::grade::{Check, Peer, after, ended, ensure, status_with_details};

use super::peers::{Call, follows};
use super::source::Gives;
use super::{HOUR, PATIENCE, SECOND, Subject};

/// Adds how a call may end.
pub fn check(check: Check, follow: Subject) -> Check {
    check
        .expects("returns the server's status, before and after the answer")
        .hint("The call can fail, and so can the stream of its replies.")
        .each(
            [
                Code::PermissionDenied,
                Code::Cancelled,
                Code::DeadlineExceeded,
            ]
            .into_iter()
            .flat_map(|code| {
                let status = status_with_details(code, "you are not on the list");
                let after = |replies| {
                    Peer::new()
                        .wants(1)
                        .ends_after(replies)
                        .with(status.clone())
                };
                [
                    (
                        format!("{code:?} instead of an answer"),
                        (status.clone(), Peer::new().wants(1).refuses(status.clone())),
                    ),
                    (
                        format!("{code:?} after the answer"),
                        (status.clone(), after(0)),
                    ),
                    (
                        format!("{code:?} after 3 replies"),
                        (status.clone(), after(3)),
                    ),
                ]
            }),
            async move |lab, (status, server)| {
                ended(&follows(&lab, follow, server).await?.result).as_sent(&status)
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
                (
                    "the server ended with OK",
                    (Peer::new().wants(1).ends_after(3), Gives::ALL),
                ),
                (
                    "the server failed",
                    (Peer::new().ends_after(3).with(closing_time()), Gives::ALL),
                ),
                (
                    "the server refused",
                    (Peer::new().wants(1).refuses(closing_time()), Gives::ALL),
                ),
                // As many as the server reads before it ends, and not one more.
                (
                    "the source had fallen silent",
                    (Peer::new().wants(1).ends_after(3), Gives::only(3)),
                ),
                (
                    "the source is slow",
                    (Peer::new().wants(1).ends_after(3), Gives::every(HOUR / 2)),
                ),
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
