//! The server with a window, a reset and an end for each call.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use futures::StreamExt as _;
use tokio::io::{ReadHalf, split};
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet};
use tokio_util::codec::FramedRead;
use workbook::lesson::Stream;

use super::super::frame::{Body, Code, Codec, Frame, refused};
use super::super::sizes::LONGEST;
use super::answers::answer;
use super::connection::{QUEUED, write};
use super::window::Window;

/// Calls that a connection may have open. HTTP/2 announces the like: SETTINGS_MAX_CONCURRENT_STREAMS.
const MOST_CALLS: usize = 200;

/// A call that is being answered.
struct Open {
    handler: AbortHandle,
    window: Arc<Window>,
}

/// Serves one connection. Its halves end together, and all of its handlers with them.
pub async fn serve(stream: Stream) {
    let (from, to) = split(stream);
    let (frames, queue) = mpsc::channel(QUEUED);
    // A server resets no call: it ends it. So nothing ever waits in this queue.
    let (_, no_resets) = mpsc::unbounded_channel();
    tokio::select! {
        biased;
        _ = write(queue, no_resets, to) => {}
        _ = read(from, frames) => {}
    }
}

// ANCHOR: read
/// Begins, resets and feeds calls, as the client's frames ask for it.
async fn read(from: ReadHalf<Stream>, frames: mpsc::Sender<Frame>) -> io::Result<()> {
    let mut requests = FramedRead::new(from, Codec::new(LONGEST));
    // Dropped with this future, and with it all handlers.
    let mut handlers = JoinSet::new();
    let mut calls = BTreeMap::<u32, Open>::new();
    loop {
        let frame = tokio::select! {
            biased;
            Some(ended) = handlers.join_next_with_id() => {
                let id = match &ended {
                    Ok((id, ())) => *id,
                    Err(error) => error.id(),
                };
                let call = calls.iter().find(|(_, open)| open.handler.id() == id);
                if let Some(call) = call.map(|(call, _)| *call) {
                    calls.remove(&call);
                    if ended.is_err() {
                        // The handler has panicked. Its caller would wait for ever.
                        let body = Body::End(Code::Internal);
                        frames.send(Frame { call, body }).await.map_err(io::Error::other)?;
                    }
                }
                continue;
            }
            frame = requests.next() => frame.transpose()?,
        };
        let Some(Frame { call, body }) = frame else {
            return Ok(());
        };
        match body {
            Body::Request(_) if calls.contains_key(&call) || calls.len() == MOST_CALLS => {
                return Err(refused("a call that is open already, or one too many"));
            }
            Body::Request(method) => {
                let window = Arc::new(Window::new());
                let answer = answer(call, method, Arc::clone(&window), frames.clone());
                let handler = handlers.spawn(answer);
                calls.insert(call, Open { handler, window });
            }
            Body::Reset => {
                if let Some(open) = calls.remove(&call) {
                    open.handler.abort();
                }
            }
            // Credit for a call that has just ended was on its way: no mistake.
            Body::Credit(bytes) => {
                if let Some(open) = calls.get(&call) {
                    open.window.give(bytes)?;
                }
            }
            Body::Item(_) | Body::End(_) => return Err(refused("a client that answers")),
        }
    }
}
// ANCHOR_END: read
