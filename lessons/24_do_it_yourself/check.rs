//! Grades the exercise: windows of all sizes, queues that are full, and futures that are dropped.

#[path = "check/both.rs"]
mod both;
#[path = "check/queue.rs"]
mod queue;
#[path = "check/reader.rs"]
mod reader;
#[path = "check/receiving.rs"]
mod receiving;
#[path = "check/sending.rs"]
mod sending;

use std::io;

use futures::future::BoxFuture;
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use workbook::grade::{Check, count, ensure};

use super::frame::{Code, Frame};
use super::sizes::LONGEST;
use sending::Sending;

/// The exercise: what makes the two halves of a call, with its number and its window.
#[derive(Clone, Copy)]
pub struct Subject {
    pub writer: fn(u32, u32, mpsc::Sender<Frame>) -> Box<dyn Writes>,
    pub reader: fn(u32, u32, mpsc::Sender<Frame>) -> Box<dyn Reads>,
}

pub trait Writes: Send + Sync {
    fn write(&self, bytes: Bytes) -> BoxFuture<'_, io::Result<()>>;
    fn end(&self, code: Code) -> BoxFuture<'_, io::Result<()>>;
    fn credit(&self, bytes: u32);
}

pub trait Reads: Send + Sync {
    fn received(&self, bytes: Bytes) -> io::Result<()>;
    fn ended(&self);
    fn read(&self) -> BoxFuture<'_, Option<Bytes>>;
}

pub fn check(halves: Subject) -> Check {
    let check = Check::new()
        .expects("sends as many bytes as its window has, and then as many as credit adds")
        .hint("What does one unit of your credit stand for, and what does your code do when it has less than it could use?")
        .each(
            [("one byte", 1), ("ten bytes", 10), ("60,000 bytes", 60_000)],
            async move |_, window| {
                let mut sending = Sending::with_room(halves, window);
                let _write = sending.writes(100_000);
                count(sending.sent().await, "bytes sent").is(window)?;
                for credit in [1, 2, 3_000] {
                    sending.credit(credit);
                    let sent = sending.sent().await;
                    count(sent, "bytes sent after credit came").is(credit)?;
                }
                Ok(())
            },
        )
        .expects("sends frames of 1 to 16,384 bytes")
        .hint("A frame that is being written cannot be interrupted by another call's.")
        .plays(async move |_| {
            let mut sending = Sending::with_room(halves, 100_000);
            let _write = sending.writes(70_000);
            for frame in sending.frames().await {
                count(frame, "bytes in a frame").at_least(1)?;
                count(frame, "bytes in a frame").at_most(LONGEST)?;
            }
            Ok(())
        })
        .expects("sends nothing for a write of no bytes")
        .hint("What does the other side do with an item without bytes?")
        .plays(async move |_| {
            let mut sending = Sending::with_room(halves, 10);
            let _write = sending.writes(0);
            count(sending.frames().await.len(), "frames sent").is(0)
        })
        .expects("goes on when its peer gives more credit than fits into 32 bits")
        .hint("The peer decides how much credit comes. What does your sum do when it is full?")
        .plays(async move |_| {
            let mut sending = Sending::with_room(halves, 10);
            (0..3).for_each(|_| sending.credit(usize::MAX));
            let _write = sending.writes(20);
            count(sending.sent().await, "bytes sent").is(20)
        })
        .expects("ends a call that has no credit left")
        .hint("Which frames does the window limit, and which must always get through?")
        .plays(async move |_| {
            let mut sending = Sending::with_room(halves, 10);
            let write = sending.writes(20);
            count(sending.sent().await, "bytes sent").is(10)?;
            sending.drops(write).await;
            sending.ends().await
        })
        .expects("holds no place in the queue while it waits for credit")
        .hint("Of the two things that `write` waits for, which one does it hold while it waits for the other?")
        .plays(async move |_| {
            let mut sending = Sending::with_queue(halves, 10, 1);
            let _write = sending.writes(20);
            count(sending.sent().await, "bytes sent").is(10)?;
            ensure(sending.has_a_place(), || {
                "another call found no place in the queue".to_owned()
            })
        })
        .expects("loses no credit with a write that is dropped while it waits")
        .hint("At which `.await` has your code taken credit that it has not used yet?")
        .each(
            [("for a place in the queue", true), ("for credit", false)],
            async move |_, full| {
                let mut sending = Sending::with_queue(halves, 10, if full { 1 } else { 100 });
                if full {
                    sending.fills_the_queue();
                }
                let written = if full { 4 } else { 12 };
                let write = sending.writes(written);
                sending.settles().await;
                let before = if full { 0 } else { sending.sent().await };
                sending.drops(write).await;
                let _write = sending.writes(100);
                let after = sending.sent().await;
                count(before + after, "bytes sent with a window of 10").is(10)
            },
        )
        .expects("fails when the connection is over, and does not wait")
        .hint("What does the queue return when its receiver has been dropped, and how does a write learn it that waits for credit?")
        .each(
            [
                ("before the write begins", None),
                ("while it waits for credit", Some(false)),
                ("while it waits for a place in the queue", Some(true)),
            ],
            async move |_, waits| {
                let full = waits == Some(true);
                let sending = Sending::with_queue(halves, 10, if full { 1 } else { 100 });
                if full {
                    sending.fills_the_queue();
                }
                match waits {
                    None => sending.fails().await,
                    Some(_) => sending.fails_while_it_waits().await,
                }
            },
        );
    reader::check(check, halves)
}
