//! Exercise 10: thousands of messages, as many replies, and bounded memory.
//!
//! Write `exchange`. It sends every message that `next` returns until None, and hands every reply to
//! `show`, in order. Then it returns how many replies there were.
//! - Sending and reading must not wait for each other. `show` may be slow, `next` may be slow, and
//!   the server may read 50 messages before it answers one.
//! - While the call goes on, a call of `next` that has begun must be finished: its future loses a
//!   message if you drop it half-way. When the call is over, drop it.
//! - Never hold more than 300 messages of 1 KiB that came from `next` and whose replies have not gone
//!   to `show`. The windows of the given endpoint already hold most of these.
//! - When the call fails, show the replies that came before, and return its status at once. When it
//!   ends with OK before everything has been sent and answered, return DataLoss.
//!
//! Check it:     cargo run --bin lesson10 -- check

use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::proto::chat::ChatMessage;

/// The client's end of the connection, if you want to configure it.
pub fn client(endpoint: Endpoint) -> Endpoint {
    endpoint
}

/// Sends what `next` returns, and shows the replies.
pub async fn exchange(
    channel: Channel,
    next: impl AsyncFnMut() -> Option<ChatMessage>,
    show: impl AsyncFnMut(ChatMessage),
) -> Result<usize, Status> {
    let _ = (channel, next, show);
    todo!("send, and read at the same time")
}
