//! The two halves, with a connection that the check plays.

use std::io;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tokio_util::bytes::Bytes;
use workbook::grade::{AN_INSTANT, Finding, Verdict, ensure, within};

use super::super::frame::{Body, Code, Frame};
use super::{Reads, Subject, Writes};

/// The number of the call, and of another one, which shares its queue.
const CALL: u32 = 7;
const OTHER: u32 = 8;
/// Places in a queue that is never full.
const ROOM: usize = 100_000;

/// Bytes that show where they belong.
pub fn numbered(length: usize) -> Bytes {
    (0..=250).cycle().take(length).collect()
}

fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// What the future returns in this instant.
async fn during<T>(work: impl Future<Output = T>) -> Option<T> {
    timeout(AN_INSTANT, work).await.ok()
}

/// A queue of frames that the halves of several calls share.
struct Queue {
    frames: mpsc::Sender<Frame>,
    taken: mpsc::Receiver<Frame>,
}

impl Queue {
    fn new(places: usize) -> Self {
        let (frames, taken) = mpsc::channel(places);
        Self { frames, taken }
    }

    /// Another call takes the last place.
    fn fill(&self) {
        let body = Body::Reset;
        // An Err means that it is full already.
        let _ = self.frames.try_send(Frame { call: OTHER, body });
    }

    /// What is in the queue; it has all places again.
    fn drain(&mut self) -> Vec<Frame> {
        std::iter::from_fn(|| self.taken.try_recv().ok()).collect()
    }
}

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

    /// Expects an error from a write on a connection that is over.
    pub async fn fails(mut self) -> Verdict {
        self.queue.taken.close();
        let late = "`write` had not returned";
        let written = within(AN_INSTANT, late, self.writer.write(numbered(1))).await?;
        ensure(written.is_err(), || "`write` returned Ok".to_owned())
    }
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
            format!("an item of {length} bytes was accepted")
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

/// Sends the bytes from one half to the other, over queues with one place.
pub async fn carries(halves: Subject, window: usize, bytes: &Bytes) -> Verdict {
    let (mut there, mut back) = (Queue::new(1), Queue::new(1));
    let writer = (halves.writer)(CALL, to_u32(window), there.frames.clone());
    let reader = (halves.reader)(CALL, to_u32(window), back.frames.clone());
    let connection = async {
        loop {
            let frame = tokio::select! {
                biased;
                Some(frame) = there.taken.recv() => frame,
                Some(frame) = back.taken.recv() => frame,
            };
            match frame.body {
                Body::Item(bytes) => {
                    if let Err(error) = reader.received(bytes) {
                        return error;
                    }
                }
                Body::End(_) => reader.ended(),
                Body::Credit(bytes) => writer.credit(bytes),
                _ => {}
            }
        }
    };
    let writes = async {
        writer.write(bytes.clone()).await?;
        writer.end(Code::Ok).await
    };
    let reads = async {
        let mut all = Vec::new();
        while let Some(bytes) = reader.read().await {
            all.extend_from_slice(&bytes);
        }
        all
    };
    let carried = async {
        tokio::select! {
            biased;
            refused = connection => Err(refused),
            (written, read) = async { futures::join!(writes, reads) } => written.map(|()| read),
        }
    };
    let late = "both halves were waiting, and bytes were missing";
    let read = within(AN_INSTANT, late, carried).await?;
    let read = read.map_err(|error: io::Error| Finding::seen(error.to_string()))?;
    ensure(read == *bytes, || {
        format!("{} bytes came, not those that were sent", read.len())
    })
}
