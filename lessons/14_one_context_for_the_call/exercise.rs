//! Exercise 14: a call that is cancelled when its owner is dropped, and a group that fails as one.
//!
//! 1. `Subscription`: a bidirectional call with one owner. `open` sends what `source` yields, and holds at
//!    most 100 messages that the server has no room for. `next` returns the replies; when its future is
//!    dropped, no reply is lost. When the subscription or the future of `open` is dropped, on whatever
//!    thread, the call is cancelled (RST_STREAM) in the same instant, as long as the server has room for
//!    a message, and `source` is dropped. A call that has already ended is not reset.
//! 2. `all_or_none` runs its members at the same time. If all end well, so does it. The first member
//!    that fails or panics ends the others at once: when `all_or_none` returns, no member is alive, on
//!    whatever thread. It returns every failure until then, those of the same instant included, in the
//!    order in which they occurred, and a panic as Internal. Dropping it ends all members.
//!
//! A subscription is `Send`, and so is the future of `next`.
//!
//! Check it:     cargo run --bin lesson14 -- check

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::chat::ChatMessage;

/// A call, and everything that belongs to it.
pub struct Subscription {}

impl Subscription {
    /// Calls `Chat`.
    pub async fn open(
        channel: Channel,
        source: BoxStream<'static, ChatMessage>,
    ) -> Result<Self, Status> {
        let _ = (channel, source);
        todo!("call, and keep what cancels the call")
    }

    /// The next reply; None at the end.
    pub async fn next(&mut self) -> Result<Option<ChatMessage>, Status> {
        todo!("read")
    }
}

/// Runs all members; the first failure ends the others.
pub async fn all_or_none(
    members: Vec<BoxFuture<'static, Result<(), Status>>>,
) -> Result<(), Vec<Status>> {
    let _ = members;
    todo!("run them, wait for the first failure, and end the rest")
}
