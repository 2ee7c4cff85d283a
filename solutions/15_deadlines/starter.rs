//! Exercise 15: a stream with two time limits.
//!
//! Write `list`. It calls `List`, hands each value to `show` as soon as it arrives, and returns how the
//! call ended.
//! - `total` limits the whole call, from its start to the end of the stream. Tell the server, too.
//! - `idle` is the longest silence: before the answer, between the answer and the first message, and
//!   between two messages.
//! - Either may be `Duration::MAX`, by which a caller says that there is no such limit.
//!
//! When either limit is exceeded, return DeadlineExceeded in that instant, even if more values have
//! already arrived, and cancel the call, so that the server can stop. If the server's own status comes in
//! time, return it unchanged. When `list` has returned, or its future is dropped, nothing of it goes on.
//!
//! Check it:     cargo run --bin lesson15 -- check

use std::time::Duration;

use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::stream::StreamRequest;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the call to the end of the stream.
    pub total: Duration,
    /// The longest silence.
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
    todo!("call, read, and watch both limits")
}
