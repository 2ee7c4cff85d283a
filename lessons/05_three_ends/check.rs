//! Grades the exercise: its stream with a plain client, and its reader with a plain server.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/producer.rs"]
mod producer;
#[path = "check/reader.rs"]
mod reader;

use std::time::Duration;

use futures::future::{BoxFuture, LocalBoxFuture};
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tonic::metadata::MetadataMap;
use tonic::{Code, Status, Streaming};
use workbook::grade::{Check, baseline, ended};
use workbook::proto::stream::StreamResponse;

use peers::{Numbers, call, read};
use producer::{PANIC, Producer};

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
        )
        .expects("a panic of the producer reaches the client as Internal")
        .hint(
            "A sender is dropped in the same way when its task returns and when it panics. What \
             tells you how a task ended, and when does it know?",
        )
        .each(
            [
                ("before the first value", Producer::new()),
                ("after two values", Producer::new().sends(1..=2)),
                (
                    "a minute after the last value",
                    Producer::new().sends(1..=2).works(SECOND * 60),
                ),
                ("with its queue full", Producer::new().fills()),
                (
                    "a second after it has dropped its sender",
                    Producer::new().lets_go(SECOND),
                ),
            ],
            async move |lab, producer| {
                let read = read(&lab, subject, producer.panics()).await?;
                ended(&read.end).with(Code::Internal)
            },
        )
        .expects("what was sent before the panic arrives before the status")
        .hint("The status follows the items. It does not replace them.")
        .plays(async move |lab| {
            // Code that leaves the order to chance loses some of them in one of several calls.
            for _ in 0..20 {
                let producer = Producer::new().sends(1..=20).panics();
                read(&lab, subject, producer).await?.brought(1..=20)?;
            }
            let read = read(&lab, subject, Producer::new().fills().panics()).await?;
            read.brought(1..=read.filled)
        })
        .expects("keeps the message of the panic to itself")
        .hint("Who reads a status, and who reads the server's log?")
        .plays(async move |lab| {
            let read = read(&lab, subject, Producer::new().sends(1..=1).panics()).await?;
            ended(&read.end).says_nothing_of(&[PANIC, "numbers.db", "4711", "torn"])
        })
        .expects("a status that the producer sends passes through unchanged")
        .hint("A producer may end its stream with a status of its own. That is not a panic.")
        .each(
            [
                ("before the first value", Producer::new()),
                ("after two values", Producer::new().sends(1..=2)),
            ],
            async move |lab, producer| {
                let status = with_details(Code::ResourceExhausted);
                let producer = producer.fails(status.clone());
                // One returns after that, and one does not.
                for producer in [producer.clone(), producer.holds()] {
                    let read = read(&lab, subject, producer).await?;
                    ended(&read.end).as_sent(&status)?;
                }
                Ok(())
            },
        )
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
    reader::expected(check, subject)
}

/// A status with everything that a status can carry.
fn with_details(code: Code) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert(
        "retry-at",
        tonic::metadata::MetadataValue::from_static("noon"),
    );
    let message = "the rest cannot be read";
    Status::with_details_and_metadata(code, message, "all of it".into(), metadata)
}
