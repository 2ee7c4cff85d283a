//! The client with a table that is emptied.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures::StreamExt as _;
use tokio::io::{ReadHalf, split};
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;
use tokio_util::codec::FramedRead;
use workbook::lesson::Stream;

use super::super::frame::{Body, Codec, Frame, refused};
use super::super::sizes::LONGEST;
use super::calls::{Calls, Event, Inbox, Line};
use super::connection::{QUEUED, write};
use super::incoming::{Incoming, Lost};
use super::window::WINDOW;

pub struct Client {
    line: Line,
    last: u32,
}

/// A client, and the future that reads and writes its connection.
pub fn client(stream: Stream) -> (Client, impl Future<Output = ()> + Send) {
    let (from, to) = split(stream);
    let (frames, queue) = mpsc::channel(QUEUED);
    // A call is reset when its reader is dropped, and `drop` cannot wait for room. Each call adds one at most.
    let (resets, reset_queue) = mpsc::unbounded_channel();
    let calls = Calls::default();
    let sorted = calls.clone();
    let line = Line {
        calls,
        frames,
        resets,
    };
    let client = Client { line, last: 0 };
    let connection = async move {
        tokio::select! {
            biased;
            _ = write(queue, reset_queue, to) => {}
            _ = sort(from, &sorted) => {}
        }
        // Their queues end without an End: that is how a call knows a broken line from its end.
        sorted.lock().clear();
    };
    (client, connection)
}

// ANCHOR: sort
/// Gives each frame to the call that it belongs to, and waits for no reader.
async fn sort(from: ReadHalf<Stream>, calls: &Calls) -> io::Result<()> {
    let mut answers = FramedRead::new(from, Codec::new(LONGEST));
    while let Some(Frame { call, body }) = answers.next().await.transpose()? {
        let mut calls = calls.lock();
        // What still comes for a call that was reset was on its way: no mistake.
        let Some(inbox) = calls.get(&call) else {
            continue;
        };
        let event = match body {
            Body::Item(item) => {
                let unread = inbox.unread.fetch_add(item.len(), Ordering::Relaxed) + item.len();
                if item.is_empty() || unread > WINDOW {
                    return Err(refused(
                        "an item that costs nothing, or one beyond the window",
                    ));
                }
                Event::Item(item)
            }
            Body::End(code) => Event::End(code),
            _ => return Err(refused("a server that asks")),
        };
        let is_end = matches!(event, Event::End(_));
        // An error says that the reader is being dropped; it removes its call itself.
        let _ = inbox.events.send(event);
        if is_end {
            calls.remove(&call);
        }
    }
    Ok(())
}
// ANCHOR_END: sort

impl Client {
    /// Begins a call.
    pub async fn call(&mut self, method: &str) -> Result<Incoming, Lost> {
        self.last += 1;
        let call = self.last;
        // The window is its bound: `sort` refuses an item beyond it, and one that costs nothing.
        let (events, queue) = mpsc::unbounded_channel();
        let unread = Arc::default();
        let inbox = Inbox {
            events,
            unread: Arc::clone(&unread),
        };
        self.line.calls.lock().insert(call, inbox);
        // Before the wait for the request's turn: dropped there, it is taken from the table as well.
        let incoming = Incoming::new(call, queue, unread, self.line.clone());
        let body = Body::Request(Bytes::copy_from_slice(method.as_bytes()));
        let sent = self.line.frames.send(Frame { call, body }).await;
        sent.map_err(|_| Lost::Connection)?;
        Ok(incoming)
    }

    /// How many calls are in the table.
    pub fn calls(&self) -> usize {
        self.line.calls.lock().len()
    }
}
