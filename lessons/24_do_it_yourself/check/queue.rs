//! The queue of frames, and what is in it.

use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;

use super::super::frame::{Body, Frame};

/// The number of the call, and of another one, which shares its queue.
pub const CALL: u32 = 7;
const OTHER: u32 = 8;
/// Places in a queue that is never full.
pub const ROOM: usize = 100_000;

/// Bytes that show where they belong.
pub fn numbered(length: usize) -> Bytes {
    (0..=250).cycle().take(length).collect()
}

pub fn to_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A queue of frames that the halves of several calls share.
pub struct Queue {
    pub frames: mpsc::Sender<Frame>,
    pub taken: mpsc::Receiver<Frame>,
}

impl Queue {
    pub fn new(places: usize) -> Self {
        let (frames, taken) = mpsc::channel(places);
        Self { frames, taken }
    }

    /// Another call takes the last place.
    pub fn fill(&self) {
        let body = Body::Reset;
        // An Err means that it is full already.
        let _ = self.frames.try_send(Frame { call: OTHER, body });
    }

    /// What is in the queue; it has all places again.
    pub fn drain(&mut self) -> Vec<Frame> {
        std::iter::from_fn(|| self.taken.try_recv().ok()).collect()
    }
}
