//! Exercise 24: a credit window for one call of the toy protocol.
//!
//! Write both halves. One task reads the connection, for all calls: it calls `credit`, `received` and
//! `ended`, which must not wait. All calls share the queue `frames`, which has little room.
//!
//! `Writer`:
//! - `write` sends all bytes in order, as `Item`s of 1 to `LONGEST` bytes. It never sends more bytes than
//!   `window` and what `credit` has added to it. Where there is credit for a part, it sends a part. For no
//!   bytes it sends nothing.
//! - While it waits for credit, it holds no place in the queue.
//! - A future of `write` may be dropped while it waits. No credit is lost with it.
//! - `end` sends `End` at once, with credit or without.
//! - A peer that gives more than `u32::MAX` bytes of credit which are not used yet counts wrong. What is
//!   above that may be lost, but `credit` does not panic, and `write` sends what it can.
//!
//! `Reader`:
//! - `received` keeps what has arrived, in order. It refuses an item without bytes, and one that goes
//!   beyond `window` and the credit given back so far: bytes that were read count until their credit is
//!   sent. It is not called behind `ended`.
//! - `read` returns the next bytes, and `None` behind the last ones, once `ended` has been called.
//! - `read` gives credit back, in `Credit` frames, for bytes that it has returned and for no others: at
//!   the latest when it is called again. It may keep back half a window at most, so that there is not a
//!   frame for each item. It may wait for a place in the queue.
//! - A future of `read` may be dropped while it waits. No bytes and no credit are lost with it.
//!
//! When the receiver of `frames` is gone, the connection is over: `end`, and `write` with bytes, return an
//! error, also when they wait already. `read` returns what has arrived, with credit owed or without. Whether
//! it waits behind that or returns `None` is left to you, as long as `ended` has not been called.
//!
//! Check it:     cargo run --bin lesson24 -- check

use std::io;

use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;

use super::frame::{Code, Frame};

/// The sending half of a call. There is one `write` or `end` at a time.
pub struct Writer {
    // Add what it needs.
}

impl Writer {
    /// May send `window` bytes before there is credit.
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        let _ = (call, window, frames);
        todo!("keep the window as credit")
    }

    /// Sends all bytes, as credit allows.
    pub async fn write(&self, bytes: Bytes) -> io::Result<()> {
        todo!("send {} bytes", bytes.len())
    }

    /// Sends the end.
    pub async fn end(&self, code: Code) -> io::Result<()> {
        todo!("send {code:?}")
    }

    /// A `Credit` frame has come.
    pub fn credit(&self, bytes: u32) {
        todo!("wake a write that waits, and let it send {bytes} bytes more")
    }
}

/// The receiving half of a call. There is one `read` at a time.
pub struct Reader {
    // Add what it needs.
}

impl Reader {
    /// Takes `window` bytes before it gives credit back.
    pub fn new(call: u32, window: u32, frames: mpsc::Sender<Frame>) -> Self {
        let _ = (call, window, frames);
        todo!("keep what arrives until it is read")
    }

    /// An `Item` frame has come.
    pub fn received(&self, bytes: Bytes) -> io::Result<()> {
        todo!("keep {} bytes, or refuse them", bytes.len())
    }

    /// An `End` frame has come.
    pub fn ended(&self) {
        todo!("nothing more comes")
    }

    /// The next bytes; None behind the last ones.
    pub async fn read(&self) -> Option<Bytes> {
        todo!("return bytes, and give credit back for them")
    }
}
