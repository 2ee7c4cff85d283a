//! What a client reads of a call, and what becomes of the call's producer.

use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use tonic::{Status, Streaming};
use workbook::grade::{Finding, Verdict, count, ensure, within};
use workbook::lab::Lab;
use workbook::proto::stream::StreamResponse;

use super::Subject;
use super::peers::Numbers;
use super::producer::{Producer, Seen};

/// The first call to a server of its own.
pub async fn call(lab: &Lab, subject: Subject, producer: Producer) -> Result<Call, Finding> {
    Numbers::open(lab, subject).await?.call(producer).await
}

/// The same, read to its end.
pub async fn read(lab: &Lab, subject: Subject, producer: Producer) -> Result<Read, Finding> {
    call(lab, subject, producer).await?.read().await
}

/// A call whose replies come from a producer.
pub struct Call {
    pub replies: Streaming<StreamResponse>,
    pub seen: Seen,
}

/// What a client has read.
pub struct Read {
    pub values: Vec<i32>,
    pub end: Result<(), Status>,
    /// How many values the producer had put into the queue without waiting.
    pub filled: i32,
}

impl Call {
    /// Expects this value next, so long from now.
    pub async fn brings(&mut self, value: i32, due: Duration) -> Verdict {
        let late = format!("value {value} had not come");
        let reply = within(due + Duration::from_secs(1), &late, self.replies.message()).await??;
        let came = reply.map(|reply| reply.pt.unwrap_or_default().value);
        ensure(came == Some(value), || match came {
            Some(other) => format!("value {other} came instead of {value}"),
            None => format!("the stream ended instead of bringing value {value}"),
        })
    }

    /// Reads to the end, of whatever kind it is.
    pub async fn read(mut self) -> Result<Read, Finding> {
        const LONG: Duration = Duration::from_secs(10 * 60);
        let mut values = Vec::new();
        let read = async {
            while let Some(reply) = self.replies.message().await? {
                values.push(reply.pt.unwrap_or_default().value);
            }
            Ok(())
        };
        let end = within(LONG, "the stream had not ended", read).await?;
        let filled = self.seen.filled.load(Ordering::Relaxed);
        Ok(Read {
            values,
            end,
            filled,
        })
    }

    /// Expects the producer to run in a task that is not the handler's, where this check runs.
    pub fn ran_in_a_task(&self) -> Verdict {
        ensure(
            self.seen.thread.get() == Some(&thread::current().id()),
            || "the producer ran in a thread of its own",
        )?;
        ensure(
            self.seen.task.get() != self.seen.handler.get(),
            || "the producer ran in the task that serves the call",
        )
    }

    /// Cancels the call.
    pub fn cancel(self) -> Gone {
        Gone(self.seen)
    }
}

/// The producer of a call that its client has cancelled.
pub struct Gone(Seen);

impl Gone {
    pub fn has_ended(&self) -> Verdict {
        count(self.0.running.alive(), "producers still running").is(0)
    }
}

impl Read {
    /// Expects these values, and nothing else before the end.
    pub fn brought(&self, expected: RangeInclusive<i32>) -> Verdict {
        let expected: Vec<i32> = expected.collect();
        ensure(self.values == expected, || {
            let (came, sent) = (self.values.len(), expected.len());
            match self
                .values
                .iter()
                .zip(&expected)
                .find(|(got, due)| got != due)
            {
                Some((got, due)) => format!("value {got} came instead of {due}"),
                None => format!("values that came: {came} instead of {sent}"),
            }
        })
    }
}
