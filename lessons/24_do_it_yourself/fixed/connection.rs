//! The writing half of a connection.

use std::io;

use futures::SinkExt as _;
use tokio::io::WriteHalf;
use tokio::sync::mpsc;
use tokio_util::codec::FramedWrite;
use workbook::lesson::Stream;

use super::super::frame::{Body, Codec, Frame};
use super::super::sizes::LONGEST;

/// Frames that wait to be written. With room for one alone, the calls that have more to send wait for a
/// place, and tokio gives them places in the order in which they asked: each has its turn.
pub const QUEUED: usize = 1;

// ANCHOR: write
/// Writes frames until there is no call left that could send one, or the connection breaks.
pub async fn write(
    mut frames: mpsc::Receiver<Frame>,
    mut resets: mpsc::UnboundedReceiver<u32>,
    to: WriteHalf<Stream>,
) -> io::Result<()> {
    let mut to = FramedWrite::new(to, Codec::new(LONGEST));
    loop {
        let frame = tokio::select! {
            biased;
            // First, because the request of a call that is reset may still wait here.
            Some(frame) = frames.recv() => frame,
            Some(call) = resets.recv() => Frame { call, body: Body::Reset },
            else => return Ok(()),
        };
        to.send(frame).await?;
    }
}
// ANCHOR_END: write
