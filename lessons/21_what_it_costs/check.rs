//! Grades the exercise: which batches arrive at a server, when, and what is left.

#[path = "check/cases.rs"]
mod cases;
#[path = "check/ends.rs"]
mod ends;
#[path = "check/sender.rs"]
mod sender;
#[path = "check/server.rs"]
mod server;
#[path = "check/source.rs"]
mod source;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{Check, Verdict, count, ensure};
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
    let check = Check::new()
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
        });
    ends::check(check, send)
}

fn is_the_servers(answer: i32) -> Verdict {
    ensure(
        answer == ANSWER,
        || "`send` did not return the server's answer",
    )
}
