//! Grades the exercise: which batches arrive at a server, when, and what is left.

#[path = "check/cases.rs"]
mod cases;
#[path = "check/sender.rs"]
mod sender;
#[path = "check/server.rs"]
mod server;
#[path = "check/source.rs"]
mod source;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::stream::BoxStream;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, Verdict, count, ended, ensure, status_with_details};
use workbook::proto::stream::StreamPoint;
use workbook::proto::stream::point_service_client::PointServiceClient;

use sender::Sender;
use server::{ANSWER, Plan};
use source::Points;

/// The exercise: sends points, and returns the server's answer.
pub type Subject = fn(
    PointServiceClient<Channel>,
    BoxStream<'static, StreamPoint>,
) -> LocalBoxFuture<'static, Result<i32, Status>>;

/// The limits in the exercise's text.
const MOST_POINTS: usize = 100;
const MOST_BYTES: usize = 64 * 1024;
const LONGEST: Duration = Duration::from_millis(20);

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A point of a kibibyte, and what two batches and everything between `send` and the server hold of them: the
/// window, tonic's buffer and the lab's pipe.
const KIB: usize = 1024;
const MOST_HELD: usize = 600;
/// Polls of a stream that gives one point and then none: a few for each.
const MOST_POLLS: usize = 40;

pub fn check(send: Subject) -> Check {
    Check::new()
        .expects("sends every point once and in order, and loses none at the end")
        .hint("What do you do with a batch that is not full when the points end?")
        .each(cases::that_end(), async move |lab, points| {
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let answer = sender.ends(SECOND).await?;
            sender.all_arrived()?;
            is_the_servers(answer?)?;
            sender.returned_at_once()?;
            sender.nothing_is_left().await
        })
        .expects("sends no batch without a point")
        .hint("What is in your batch when the points end, and when the time is up?")
        .each(cases::that_leave_nothing(), async move |lab, points| {
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            sender.ends(SECOND * 10).await??;
            sender.none_is_empty()
        })
        .expects("does nothing while there is nothing to send")
        .hint("Which timer runs while no point waits?")
        .plays(async move |lab| {
            let points = Points::none().at_once(1).wait(SECOND * 10).then_silence();
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let _ = sender.runs_for(SECOND * 20).await;
            count(sender.watch.polls(), "polls of the points in 20 seconds").at_most(MOST_POLLS)
        })
        .expects("sends a batch that is not full when its first point has waited 20 ms")
        .hint("What makes you send when no point comes? And when does that time begin?")
        .each(cases::that_wait(), async move |lab, points| {
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let ended = sender.runs_for(SECOND * 20).await;
            ensure(ended.is_none(), || "the call ended, and the points had not")?;
            sender.none_waited()?;
            sender.all_arrived()
        })
        .expects("puts the points that come within 20 ms into one batch")
        .hint("What does your code wait for after the first point?")
        .plays(async move |lab| {
            let points = Points::none().every(MS, 200);
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            sender.ends(SECOND).await??;
            // 20 or 21 points in each, by what comes first in a millisecond with both.
            sender.batches_at_most(11)?;
            sender.none_waited()
        })
        .expects("sends a full batch at once, and never more than 100 points or 64 KiB")
        .hint(
            "Which bytes of a request does the sum of its points' `encoded_len` leave out? And where \
             is the point that does not fit?",
        )
        .each(cases::that_fill(), async move |lab, (points, batches)| {
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let _ = sender.runs_for(SECOND).await;
            sender.limits_are_kept()?;
            sender.batches(batches)?;
            sender.all_arrived()?;
            sender.none_waited()?;
            sender.first_was_sent_at_once()
        })
        .expects("takes no more than a few points while the server does not read")
        .hint("What is between your batches and the call, and how much does it hold?")
        .plays(async move |lab| {
            let points = Points::none().sized(3000, KIB);
            let sender = Sender::open(&lab, send, points, Plan::busy_for(MINUTE)).await?;
            let looks = async {
                lab.sleep(MINUTE - SECOND).await;
                sender.watch.taken().len()
            };
            let (answer, taken) = tokio::join!(sender.ends(MINUTE), looks);
            count(taken, "points taken by then").at_most(MOST_HELD)?;
            is_the_servers(answer??)?;
            sender.all_arrived()
        })
        .expects("returns what the server answers as soon as it comes, and keeps nothing")
        .hint("Who owns the points when the call is over, and what tells that part that it is?")
        .each(cases::answers(), async move |lab, (batches, refuses, points)| {
            let refusal = status_with_details(Code::ResourceExhausted, "that is enough");
            let answer = if refuses { Err(refusal.clone()) } else { Ok(ANSWER) };
            let plan = Plan::answers_after(batches, answer);
            let sender = Sender::open(&lab, send, points, plan).await?;
            let result = sender.ends(SECOND).await?;
            if refuses {
                ended(&result).as_sent(&refusal)?;
            } else {
                is_the_servers(result?)?;
            }
            sender.nothing_is_left().await
        })
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

fn is_the_servers(answer: i32) -> Verdict {
    ensure(
        answer == ANSWER,
        || "`send` did not return the server's answer",
    )
}
