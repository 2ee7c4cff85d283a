//! A handler: it sends what fits into the window, and says how the call ended.

use std::io;
use std::sync::Arc;

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_util::bytes::Bytes;

use super::super::frame::{Body, Code, Frame};
use super::super::methods;
use super::super::sizes::LONGEST;
use super::window::Window;

// ANCHOR: answer
/// Answers one call. Dropped when the client resets it.
pub async fn answer(call: u32, method: Bytes, window: Arc<Window>, frames: mpsc::Sender<Frame>) {
    let code = match methods::items(&method) {
        None => Code::NotFound,
        Some(mut items) => {
            while let Some(mut item) = items.next().await {
                while !item.is_empty() {
                    let part = item.split_to(item.len().min(LONGEST));
                    // An error says that the connection is over, and the call with it.
                    if send(call, part, &window, &frames).await.is_err() {
                        return;
                    }
                }
            }
            Code::Ok
        }
    };
    // Costs no credit: a reader that has stopped reading can still be told the end.
    let body = Body::End(code);
    let _ = frames.send(Frame { call, body }).await;
}

async fn send(
    call: u32,
    part: Bytes,
    window: &Window,
    frames: &mpsc::Sender<Frame>,
) -> io::Result<()> {
    window.take(part.len()).await?;
    let body = Body::Item(part);
    let sent = frames.send(Frame { call, body }).await;
    sent.map_err(io::Error::other)
}
// ANCHOR_END: answer
