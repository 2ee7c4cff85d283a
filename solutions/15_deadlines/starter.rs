//! Exercise 15: a stream with two limits of time.
//!
//! Write `list`. It calls `List`, hands each value to `show`, and returns how the call ended.
//! - `total` is the time for all of it, from the call to the end of the stream. Tell the server, too.
//! - `idle` is the longest silence: before the answer, between the answer and the first message, and
//!   between two messages.
//!
//! When either is over, return DeadlineExceeded in that instant, and let the server stop: the call is
//! cancelled. Whatever status the server gives in time is passed on as it is.
//!
//! Check it:     cargo run --bin lesson15 -- check

use std::time::Duration;

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::stream::StreamRequest;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// All of it.
    pub total: Duration,
    /// The longest silence in it.
    pub idle: Duration,
}

/// Lists within these limits.
pub async fn list(
    channel: Channel,
    request: StreamRequest,
    limits: Limits,
    show: impl FnMut(i32),
) -> Result<(), Status> {
    let _ = (channel, request, limits.total, limits.idle, show);
    todo!("call, and read, and look at two clocks")
}
