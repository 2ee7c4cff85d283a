//! What is expected of the receiving half, and of both together.

use workbook::grade::{Check, count};

use super::Subject;
use super::both::carries;
use super::queue::numbered;
use super::receiving::Receiving;

/// The check, with what is expected of the receiving half.
pub fn check(check: Check, halves: Subject) -> Check {
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
