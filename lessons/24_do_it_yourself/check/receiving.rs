//! The receiving half, with a connection that the check plays.

use tokio::time::timeout;
use workbook::grade::{AN_INSTANT, Finding, Verdict, ensure, within};

use super::super::frame::Body;
use super::queue::{CALL, Queue, ROOM, numbered, to_u32};
use super::{Reads, Subject};

/// What the future returns in this instant.
async fn during<T>(work: impl Future<Output = T>) -> Option<T> {
    timeout(AN_INSTANT, work).await.ok()
}

/// A receiving half.
pub struct Receiving {
    reader: Box<dyn Reads>,
    queue: Queue,
}

impl Receiving {
    pub fn with_room(halves: Subject, window: usize) -> Self {
        Self::with_queue(halves, window, ROOM)
    }

    pub fn with_queue(halves: Subject, window: usize, places: usize) -> Self {
        let queue = Queue::new(places);
        let reader = (halves.reader)(CALL, to_u32(window), queue.frames.clone());
        Self { reader, queue }
    }

    pub fn arrives(&self, length: usize) -> Verdict {
        let refused =
            |error| Finding::seen(format!("an item within the window was refused: {error}"));
        self.reader.received(numbered(length)).map_err(refused)
    }

    /// Expects an item that is not allowed to be refused.
    pub fn refuses(&self, length: usize) -> Verdict {
        ensure(self.reader.received(numbered(length)).is_err(), || {
            let bytes = if length == 1 { "byte" } else { "bytes" };
            format!("an item of {length} {bytes} was accepted")
        })
    }

    /// How many bytes the next read returns.
    pub async fn reads(&self) -> Result<usize, Finding> {
        let read = within(AN_INSTANT, "`read` had not returned", self.reader.read()).await?;
        let none = || Finding::seen("`read` returned None in place of what had come");
        Ok(read.ok_or_else(none)?.len())
    }

    /// The same for a read that may have to wait, and is dropped then.
    pub async fn tries(&self) -> usize {
        let read = during(self.reader.read()).await;
        read.flatten().map_or(0, |bytes| bytes.len())
    }

    /// Expects a read to wait. It is dropped then.
    pub async fn waits(&self) -> Verdict {
        let read = during(self.reader.read()).await;
        ensure(read.is_none(), || match read {
            Some(Some(_)) => "`read` returned bytes that had been read before".to_owned(),
            _ => "`read` returned None before the end".to_owned(),
        })
    }

    pub fn ends(&self) {
        self.reader.ended();
    }

    /// Expects None.
    pub async fn is_over(&self) -> Verdict {
        let late = "`read` had not returned None";
        let read = within(AN_INSTANT, late, self.reader.read()).await?;
        ensure(read.is_none(), || "`read` returned more bytes".to_owned())
    }

    /// Nothing takes frames any more.
    pub fn breaks(&mut self) {
        self.queue.taken.close();
    }

    pub fn fills_the_queue(&self) {
        self.queue.fill();
    }

    /// How much credit has been given back since this was asked last.
    pub fn credit(&mut self) -> usize {
        let credits = self
            .queue
            .drain()
            .into_iter()
            .map(|frame| match frame.body {
                Body::Credit(bytes) => usize::try_from(bytes).unwrap_or(usize::MAX),
                _ => 0,
            });
        credits.sum()
    }
}
