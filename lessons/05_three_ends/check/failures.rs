//! Producers that fail: by a panic, or with a status of their own.

use tonic::Code;
use workbook::grade::{Check, ended};

use super::producer::{PANIC, Producer, torn};
use super::replies::read;
use super::{SECOND, Subject};

/// Adds what the client sees when a producer fails.
pub fn check(check: Check, subject: Subject) -> Check {
    check
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
                let status = torn(Code::ResourceExhausted);
                let producer = producer.fails(status.clone());
                // One returns after that, and one does not.
                for producer in [producer.clone(), producer.holds()] {
                    let read = read(&lab, subject, producer).await?;
                    ended(&read.end).as_sent(&status)?;
                }
                Ok(())
            },
        )
}
