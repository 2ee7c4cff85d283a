//! Grades the exercise: its stream with a plain client, and its reader with a plain server.

#[path = "check/failures.rs"]
mod failures;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/producer.rs"]
mod producer;
#[path = "check/reader.rs"]
mod reader;
#[path = "check/replies.rs"]
mod replies;

use std::time::Duration;

use futures::future::{BoxFuture, LocalBoxFuture};
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tonic::{Status, Streaming};
use workbook::grade::{Check, baseline, ended};
use workbook::proto::stream::StreamResponse;

use peers::Numbers;
use producer::Producer;
use replies::{call, read};

/// One item of a response stream, and the stream.
pub type Reply = Result<StreamResponse, Status>;
pub type Replies = BoxStream<'static, Reply>;

/// What the exercise is to supervise.
pub type Produce = Box<dyn FnOnce(mpsc::Sender<Reply>) -> BoxFuture<'static, ()>>;

/// A reader at work.
pub type Reading = LocalBoxFuture<'static, Result<Vec<i32>, Status>>;

/// The exercise: its two functions.
#[derive(Clone, Copy)]
pub struct Subject {
    pub supervised: fn(Produce) -> Replies,
    pub read_all: fn(Streaming<StreamResponse>) -> Reading,
}

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// More values than the windows of a connection and a bounded queue hold.
const MORE_THAN_FIT: i32 = 2000;

pub fn check(subject: Subject) -> Check {
    let check = Check::new()
        .expects("streams what the producer sends, then ends with OK")
        .hint("An mpsc channel turns what a task sends into a stream. What ends that stream?")
        .each(
            [0, 1, 3, 1100].map(|values| (format!("{values} values"), values)),
            async move |lab, values| {
                let read = read(&lab, subject, Producer::new().sends(1..=values)).await?;
                ended(&read.end).well()?;
                read.brought(1..=values)
            },
        )
        .expects("runs the producer in a tokio task")
        .hint(
            "A thread cannot be aborted, and virtual time does not wait for it. A panic in the task that serves \
             the call ends that task.",
        )
        .plays(async move |lab| {
            let mut call = call(&lab, subject, Producer::new().sends(1..=1)).await?;
            call.brings(1, Duration::ZERO).await?;
            call.ran_in_a_task()
        })
        .expects("ends with OK when a producer returns that has dropped its sender earlier")
        .hint("The end of the mpsc channel is not the end of the task.")
        .plays(async move |lab| {
            let producer = Producer::new().sends(1..=3).lets_go(SECOND * 60);
            let read = read(&lab, subject, producer).await?;
            ended(&read.end).well()?;
            read.brought(1..=3)
        })
        .expects("each item leaves when it is made")
        .hint("The first item must not wait for the second, however long that takes.")
        .silence(DAY * 30)
        .each(
            [
                ("20 values at once", (20, Duration::ZERO)),
                ("a value every 10 ms", (3, SECOND / 100)),
                ("a value every minute", (3, SECOND * 60)),
                ("a value every three days", (3, DAY * 3)),
            ],
            async move |lab, (values, pause)| {
                let producer = Producer::new().every(pause, 1..=values).holds();
                let mut call = call(&lab, subject, producer).await?;
                for value in 1..=values {
                    call.brings(value, pause).await?;
                }
                Ok(())
            },
        );
    let check = failures::check(check, subject)
        .expects("the producer ends when the client cancels the call")
        .hint("What happens to a task when its JoinHandle is dropped? Which handle would end it?")
        .each(
            [
                ("that has sent nothing", (0, Producer::new().holds())),
                (
                    "that sends every second",
                    (2, Producer::new().every(SECOND, 1..=1000)),
                ),
                (
                    "that sends nothing more",
                    (1, Producer::new().sends(1..=1).holds()),
                ),
                (
                    "that waits for room",
                    (1, Producer::new().sends(1..=MORE_THAN_FIT)),
                ),
                (
                    "that has dropped its sender",
                    (1, Producer::new().sends(1..=1).lets_go(DAY)),
                ),
            ]
            .map(|(name, case)| (format!("a producer {name}"), case)),
            async move |lab, (reads, producer)| {
                let numbers = Numbers::open(&lab, subject).await?;
                // The first call also starts the connection's own tasks.
                numbers.call(Producer::new()).await?.read().await?;
                let before = baseline(&lab);
                let mut call = numbers.call(producer).await?;
                for value in 1..=reads {
                    call.brings(value, SECOND).await?;
                }
                lab.sleep(SECOND / 2).await;
                let producer = call.cancel();
                let left = before.nothing_is_left(&lab).await;
                producer.has_ended()?;
                left
            },
        );
    reader::check(check, subject)
}
