//! How a call ends: with an answer, with its connection, or because it is dropped. And what is kept then.

use tonic::Code;
use workbook::grade::{Check, ended, ensure, status_with_details};

use super::sender::Sender;
use super::server::{ANSWER, Plan};
use super::source::Points;
use super::{KIB, MS, SECOND, Subject, cases, is_the_servers};

/// Adds how a call may end.
pub fn check(check: Check, send: Subject) -> Check {
    check
        .expects("returns what the server answers as soon as it comes, and keeps nothing")
        .hint("Who owns the points when the call is over, and what tells that part that it is?")
        .each(
            cases::answers(),
            async move |lab, (batches, refuses, points)| {
                let refusal = status_with_details(Code::ResourceExhausted, "that is enough");
                let answer = if refuses {
                    Err(refusal.clone())
                } else {
                    Ok(ANSWER)
                };
                let plan = Plan::answers_after(batches, answer);
                let sender = Sender::open(&lab, send, points, plan).await?;
                let result = sender.ends(SECOND).await?;
                if refuses {
                    ended(&result).as_sent(&refusal)?;
                } else {
                    is_the_servers(result?)?;
                }
                sender.nothing_is_left().await
            },
        )
        .expects("returns an error at once when the connection breaks, and keeps nothing")
        .hint("What tells the part of your code that waits for points that the call is over?")
        .each(cases::cuts(), async move |lab, when| {
            let points = Points::none().every(MS * 30, 1).then_silence();
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let cut = async {
                lab.sleep(when).await;
                lab.cut();
            };
            let (result, ()) = tokio::join!(sender.ends(SECOND), cut);
            ensure(result?.is_err(), || "the call ended with OK")?;
            sender.nothing_runs().await
        })
        .expects("goes on while the server drains")
        .hint("GOAWAY says that no new calls are taken. The call that is open goes on.")
        .plays(async move |lab| {
            let points = Points::none().every(MS * 7, 50);
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let drains = async {
                lab.sleep(MS * 100).await;
                sender.drain().await;
            };
            let (result, ()) = tokio::join!(sender.ends(SECOND), drains);
            is_the_servers(result??)?;
            sender.all_arrived()
        })
        .expects("keeps nothing when it is dropped, neither the points nor a task")
        .hint("A task that is spawned goes on when its handle is dropped.")
        .each(cases::drops(), async move |lab, (when, plan, lost)| {
            let points = Points::none().sized(1, KIB).wait(MS * 200).sized(500, KIB);
            let sender = Sender::open(&lab, send, points.then_silence(), plan).await?;
            if lost {
                lab.partition();
            }
            let ended = sender.runs_for(when).await;
            ensure(ended.is_none(), || "the call ended, and the points had not")?;
            sender.nothing_is_left().await
        })
}
