//! Grades the exercise: which batches arrive at a server, when, and what is left.

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
use workbook::grade::{Check, count, ended, ensure, status_with_details};
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
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A point of a kibibyte, and what two batches and everything between `send` and the server hold of them: the
/// window, tonic's buffer and the lab's pipe.
const KIB: usize = 1024;
const MOST_HELD: usize = 600;
/// Polls of a stream that gives two points in ten hours: a few for each.
const MOST_POLLS: usize = 40;

pub fn check(send: Subject) -> Check {
    Check::new()
        .expects("sends every point once and in order, and loses none at the end")
        .hint("What do you do with a batch that is not full when the points end?")
        .each(
            [
                ("no point", Points::none()),
                ("one point", Points::none().at_once(1)),
                ("250 points", Points::none().at_once(250)),
                ("300 points of 1,024 bytes", Points::none().sized(300, KIB)),
                ("a point every 7 ms", Points::none().every(MS * 7, 50)),
            ],
            async move |lab, points| {
                let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
                let answer = sender.ends(SECOND).await?;
                sender.all_arrived()?;
                ensure(answer? == ANSWER, || "`send` did not return the server's answer")?;
                sender.returned_at_once()?;
                sender.nothing_is_left().await
            },
        )
        .expects("sends no batch without a point")
        .hint("What is in your batch when the points end, and when the time is up?")
        .each(
            [
                ("no point", Points::none()),
                ("100 points", Points::none().at_once(100)),
                ("a minute of silence", Points::none().at_once(1).wait(SECOND * 60)),
            ],
            async move |lab, points| {
                let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
                sender.ends(SECOND * 60).await??;
                sender.none_is_empty()
            },
        )
        .expects("sends a batch that is not full when its first point has waited 20 ms")
        .hint("What makes you send when no point comes? And when does that time begin?")
        .each(
            [
                ("one point, then silence", Points::none().at_once(1).then_silence()),
                ("99 points, then silence", Points::none().at_once(99).then_silence()),
                ("ten hours of silence first", Points::none().wait(HOUR * 10).at_once(2).then_silence()),
                ("a point every 3 ms", Points::none().every(MS * 3, 40).then_silence()),
                ("a point every 19 ms", Points::none().every(MS * 19, 40).then_silence()),
                ("a point every 30 ms", Points::none().every(MS * 30, 40).then_silence()),
                ("fifty points every 25 ms", fifties()),
            ],
            async move |lab, points| {
                let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
                let ended = sender.runs_for(HOUR * 11).await;
                ensure(ended.is_none(), || "the call ended, and the points had not")?;
                sender.none_waited()?;
                sender.all_arrived()
            },
        )
        .expects("puts the points that come within 20 ms into one batch")
        .hint("What does your code wait for after the first point?")
        .plays(async move |lab| {
            let points = Points::none().every(MS, 200);
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            sender.ends(SECOND).await??;
            sender.none_waited()?;
            sender.all_arrived()?;
            // 20 or 21 points in each, by what comes first in a millisecond with both.
            sender.batches_at_most(11)
        })
        .expects("sends a full batch at once, and never more than 100 points or 64 KiB")
        .hint("Which bytes of a request does the sum of its points' `encoded_len` leave out? And where is the point that does not fit?")
        .each(
            [
                ("101 points, then silence", (Points::none().at_once(101).then_silence(), 2)),
                ("100 points, then silence", (Points::none().at_once(100).then_silence(), 1)),
                // Their own bytes are 64 KiB, and with tags and lengths they are more.
                ("64 points of 1,024 bytes, then silence", (Points::none().sized(64, KIB).then_silence(), 2)),
                ("300 points of 1,024 bytes", (Points::none().sized(300, KIB), 5)),
                ("9 points of 30,000 bytes", (Points::none().sized(9, 30_000), 5)),
                ("one of 100,000 bytes between small ones", (
                    Points::none().at_once(3).sized(1, 100_000).at_once(3), 3,
                )),
            ],
            async move |lab, (points, due)| {
                let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
                let _ = sender.runs_for(SECOND).await;
                sender.limits_are_kept()?;
                sender.all_arrived()?;
                sender.none_waited()?;
                sender.batches(due)?;
                sender.sent_after(0, Duration::ZERO)
            },
        )
        .expects("does nothing while there is nothing to send")
        .hint("Which timer runs while no point waits?")
        .plays(async move |lab| {
            let points = Points::none().at_once(1).wait(SECOND * 60).at_once(1).then_silence();
            let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
            let _ = sender.runs_for(SECOND * 120).await;
            count(sender.watch.polls(), "polls of the points in two minutes").at_most(MOST_POLLS)?;
            sender.batches(2)
        })
        .expects("takes no more than a few points while the server does not read")
        .hint("What is between your batches and the call, and how much does it hold?")
        .plays(async move |lab| {
            let points = Points::none().sized(3000, KIB);
            let sender = Sender::open(&lab, send, points, Plan::busy_for(SECOND * 30)).await?;
            let looks = async {
                lab.sleep(SECOND * 29).await;
                sender.watch.taken().len()
            };
            let (answer, taken) = tokio::join!(sender.ends(SECOND * 30), looks);
            count(taken, "points taken by then").at_most(MOST_HELD)?;
            answer??;
            sender.all_arrived()
        })
        .expects("returns what the server answers as soon as it comes, and keeps nothing")
        .hint("Who owns the points when the call is over, and who learns that it is?")
        .each(
            [
                ("refused at once", (0, true)),
                ("refused after a batch", (1, true)),
                ("refused after 5 batches", (5, true)),
                ("answered early with OK", (1, false)),
            ],
            async move |lab, (batches, refuses)| {
                let refusal = status_with_details(Code::ResourceExhausted, "that is enough");
                let answer = if refuses { Err(refusal.clone()) } else { Ok(ANSWER) };
                let plan = Plan::answers_after(batches, answer);
                let points = Points::none().every(MS * 7, 50).then_silence();
                let sender = Sender::open(&lab, send, points, plan).await?;
                let result = sender.ends(SECOND).await?;
                if refuses {
                    ended(&result).as_sent(&refusal)?;
                } else {
                    ensure(result? == ANSWER, || "`send` did not return the server's answer")?;
                }
                sender.nothing_is_left().await
            },
        )
        .expects("returns an error at once when the connection breaks, and keeps nothing")
        .hint("What tells the part of your code that waits for points that the call is over?")
        .each(
            [
                ("while it waits for a point", MS * 500),
                ("while a batch waits", MS * 30 + MS * 10),
            ],
            async move |lab, when| {
                let points = Points::none().every(MS * 30, 1).then_silence();
                let sender = Sender::open(&lab, send, points, Plan::reads()).await?;
                let cut = async {
                    lab.sleep(when).await;
                    lab.cut();
                };
                let (result, ()) = tokio::join!(sender.ends(SECOND), cut);
                ensure(result?.is_err(), || "the call ended with OK")?;
                sender.nothing_runs().await
            },
        )
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
            result??;
            sender.all_arrived()
        })
        .expects("keeps nothing when it is dropped, neither the points nor a task")
        .hint("A task that is spawned goes on when its handle is dropped.")
        .each(
            [
                ("before the first point", (HOUR, Plan::reads(), false)),
                ("while a batch waits", (MS * 10, Plan::reads(), false)),
                ("between two batches", (MS * 500, Plan::reads(), false)),
                ("while the server does not read", (SECOND, Plan::busy_for(HOUR), false)),
                ("in a black hole", (SECOND, Plan::reads(), true)),
            ],
            async move |lab, (when, plan, lost)| {
                let points = match when {
                    HOUR => Points::none().then_silence(),
                    _ => Points::none().sized(1, KIB).wait(MS * 200).sized(500, KIB).then_silence(),
                };
                let sender = Sender::open(&lab, send, points, plan).await?;
                if lost {
                    lab.partition();
                }
                let ended = sender.runs_for(when).await;
                ensure(ended.is_none(), || "the call ended, and the points had not")?;
                sender.nothing_is_left().await
            },
        )
}

fn fifties() -> Points {
    (0..6)
        .fold(Points::none(), |points, _| points.at_once(50).wait(MS * 25))
        .then_silence()
}
