//! The sending half, with a connection that the check plays.

use std::io;
use std::sync::Arc;

use tokio::task::JoinHandle;
use tokio::time::sleep;
use workbook::grade::{AN_INSTANT, Verdict, ensure, within};

use super::super::frame::{Body, Code};
use super::queue::{CALL, Queue, ROOM, numbered, to_u32};
use super::{Subject, Writes};

/// A write that goes on until it is dropped.
pub struct Write(JoinHandle<io::Result<()>>);

impl Drop for Write {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// A sending half.
pub struct Sending {
    writer: Arc<dyn Writes>,
    queue: Queue,
}

impl Sending {
    pub fn with_room(halves: Subject, window: usize) -> Self {
        Self::with_queue(halves, window, ROOM)
    }

    pub fn with_queue(halves: Subject, window: usize, places: usize) -> Self {
        let queue = Queue::new(places);
        let writer = (halves.writer)(CALL, to_u32(window), queue.frames.clone());
        Self {
            writer: writer.into(),
            queue,
        }
    }

    pub fn writes(&self, length: usize) -> Write {
        let writer = Arc::clone(&self.writer);
        Write(tokio::spawn(
            async move { writer.write(numbered(length)).await },
        ))
    }

    /// Lets the call do what it can.
    pub async fn settles(&self) {
        sleep(AN_INSTANT).await;
    }

    /// Drops the write, and gives the runtime the time to do so.
    pub async fn drops(&self, write: Write) {
        drop(write);
        self.settles().await;
    }

    /// Lets the call send what it can, and returns how many bytes are in each of its frames.
    pub async fn frames(&mut self) -> Vec<usize> {
        let mut lengths = Vec::new();
        loop {
            sleep(AN_INSTANT).await;
            let frames = self.queue.drain();
            if frames.is_empty() {
                return lengths;
            }
            lengths.extend(frames.iter().filter_map(|frame| match &frame.body {
                Body::Item(bytes) => Some(bytes.len()),
                _ => None,
            }));
        }
    }

    /// The same, and how many bytes that is in all.
    pub async fn sent(&mut self) -> usize {
        self.frames().await.iter().sum()
    }

    pub fn credit(&self, bytes: usize) {
        self.writer.credit(to_u32(bytes));
    }

    pub fn fills_the_queue(&self) {
        self.queue.fill();
    }

    /// Whether another call could send a frame now.
    pub fn has_a_place(&self) -> bool {
        self.queue.frames.try_reserve().is_ok()
    }

    /// Expects the end to be sent now.
    pub async fn ends(&mut self) -> Verdict {
        let late = "the End had not been sent";
        within(AN_INSTANT, late, self.writer.end(Code::Internal)).await??;
        let last = self.queue.drain().pop();
        let end = Body::End(Code::Internal);
        ensure(last.is_some_and(|last| last.body == end), || {
            late.to_owned()
        })
    }

    /// Expects errors on a connection that is over.
    pub async fn fails(mut self) -> Verdict {
        self.queue.taken.close();
        let late = "`write` had not returned";
        let written = within(AN_INSTANT, late, self.writer.write(numbered(1))).await?;
        ensure(written.is_err(), || "`write` returned Ok".to_owned())?;
        let late = "`end` had not returned";
        let ended = within(AN_INSTANT, late, self.writer.end(Code::Ok)).await?;
        ensure(ended.is_err(), || "`end` returned Ok".to_owned())
    }

    /// Expects an error from a write that waits when the connection ends.
    pub async fn fails_while_it_waits(mut self) -> Verdict {
        let mut write = self.writes(20);
        self.settles().await;
        self.queue.taken.close();
        let late = "the `write` that waits had not returned";
        let written = within(AN_INSTANT, late, &mut write.0).await?;
        let written = written.map_err(io::Error::other)?;
        ensure(written.is_err(), || "`write` returned Ok".to_owned())
    }
}
