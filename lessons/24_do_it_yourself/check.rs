//! Grades the exercise: windows of all sizes, queues that are full, and futures that are dropped.

#[path = "check/both.rs"]
mod both;
#[path = "check/queue.rs"]
mod queue;
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
use both::carries;
use queue::numbered;
use receiving::Receiving;
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
    receives(check, halves)
}

fn receives(check: Check, halves: Subject) -> Check {
    check
        .expects("gives credit back for what was read, and for nothing else")
        .hint("When your code gives credit back, is it because bytes came, or because the reader took them?")
        .plays(async move |_| {
            let mut receiving = Receiving::with_room(halves, 10);
            receiving.arrives(4)?;
            receiving.arrives(6)?;
            count(receiving.credit(), "bytes of credit before a read").is(0)?;
            let (mut read, mut credit) = (0, 0);
            while read < 10 {
                read += receiving.reads().await?;
                credit += receiving.credit();
                count(credit, &format!("bytes of credit after reading {read}")).at_most(read)?;
            }
            // It waits for more, so what is owed has been given back but for half a window.
            receiving.waits().await?;
            credit += receiving.credit();
            let what = "bytes of credit after reading 10";
            count(credit, what).at_most(10)?;
            count(credit, what).at_least(5).map_err(|finding| finding.hint("How much must be read before your code gives credit back, and how large is the window?"))
        })
        .expects("refuses what goes beyond the window, and what costs no credit")
        .hint("Your memory is bounded by what the peer does, or by what you accept?")
        .each(
            [("eleven bytes at once", 11), ("no bytes", 0), ("one byte too many", 1)],
            async move |_, bytes| {
                let receiving = Receiving::with_room(halves, 10);
                if bytes == 1 {
                    receiving.arrives(10)?;
                }
                receiving.refuses(bytes)
            },
        )
        .expects("counts what was read until its credit has been sent")
        .hint("How many bytes may the peer send, by the credit that it has seen, and how many does your code accept?")
        .plays(async move |_| {
            let mut receiving = Receiving::with_room(halves, 10);
            receiving.arrives(10)?;
            receiving.reads().await?;
            let may_come = receiving.credit();
            receiving.refuses(may_come + 1)
        })
        .expects("returns what came before the end, and then None")
        .hint("What does your `read` look at first: what has come, or that it is over?")
        .each([("the end is there", true), ("the end comes later", false)], async move |_, early| {
            let receiving = Receiving::with_room(halves, 10);
            receiving.arrives(3)?;
            receiving.arrives(3)?;
            if early {
                receiving.ends();
            }
            let mut read = 0;
            while read < 6 {
                read += receiving.reads().await?;
            }
            if !early {
                receiving.waits().await?;
                receiving.ends();
            }
            receiving.is_over().await
        })
        .expects("loses neither bytes nor credit with a read that is dropped while it waits")
        .hint("What has `read` already taken when it waits for a place in the queue?")
        .plays(async move |_| {
            let mut receiving = Receiving::with_queue(halves, 10, 1);
            // So many bytes the peer may send, and it sends them in two items.
            let mut credit = 10_usize;
            for _ in 0..10 {
                receiving.fills_the_queue();
                let (bytes, mut read) = (credit, 0);
                for item in [bytes / 2, bytes.div_ceil(2)] {
                    if item > 0 {
                        receiving.arrives(item)?;
                    }
                }
                // Each of these may wait for a place, and is dropped then.
                for _ in 0..3 {
                    read += receiving.tries().await;
                }
                credit = receiving.credit();
                while read < bytes {
                    read += receiving.reads().await?;
                    credit += receiving.credit();
                }
                receiving.waits().await?;
                credit += receiving.credit();
            }
            // Half a window may be kept back. What was lost comes off each time.
            count(credit, "bytes of credit that are left of a window of 10").at_least(5)
        })
        .expects("returns what has arrived, though the connection is over")
        .hint("What does your `read` do when it owes credit, and nothing takes its frames any more?")
        .plays(async move |_| {
            let mut receiving = Receiving::with_room(halves, 10);
            receiving.arrives(4)?;
            receiving.arrives(6)?;
            let mut read = receiving.reads().await?;
            receiving.breaks();
            while read < 10 {
                read += receiving.reads().await?;
            }
            Ok(())
        })
        .expects("carries all bytes in order, whatever the window")
        .hint("With a window smaller than a frame, or than your smallest piece of credit, who waits for whom?")
        .each(
            [("a window of one byte", 1), ("of 7 bytes", 7), ("of 1,000 bytes", 1_000), ("of 65,535", 65_535)],
            async move |_, window| carries(halves, window, &numbered(5_000)).await,
        )
}
