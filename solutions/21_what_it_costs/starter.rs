//! Exercise 21: a sender of batches.
//!
//! Points come one at a time, sometimes thousands at once and sometimes none for hours. `send` sends them in
//! one call of `PutAll`, in batches: each `PutRequest` is a batch.
//!
//! - A batch has at most `MOST_POINTS` points and, encoded, at most `MOST_BYTES` bytes. A point that is larger
//!   alone is sent in a batch of its own.
//! - A batch is sent as soon as it is full. No point waits longer than `LONGEST` for others, unless the server
//!   does not read.
//! - When the points have ended, what is left is sent at once, and the call ends. No batch is empty.
//! - Every point is sent once, in order. Without a point there is a call without a request.
//! - While the server does not read, only a few points are taken from `points`: two batches at most, besides
//!   what tonic and HTTP/2 hold.
//! - While no point waits, nothing wakes up: there is no clock that ticks.
//! - `send` returns what the server answers, also when that comes before the points have ended. In that instant,
//!   and in the one in which `send` is dropped, nothing is left of it: neither `points` nor the call, a timer or
//!   a task.
//!
//! Check it:     cargo run --bin lesson21 -- check

use std::time::Duration;

use futures::stream::BoxStream;
use tonic::Status;
use tonic::transport::Channel;
use workbook::proto::stream::point_service_client::PointServiceClient;
use workbook::proto::stream::{PutRequest, StreamPoint};

/// The most points in a batch.
pub const MOST_POINTS: usize = 100;
/// The most bytes in a batch: `encoded_len` of its request.
pub const MOST_BYTES: usize = 64 * 1024;
/// The longest that a point waits for others.
pub const LONGEST: Duration = Duration::from_millis(20);

/// Sends all points, and returns how many the server has taken.
pub async fn send(
    mut client: PointServiceClient<Channel>,
    points: BoxStream<'static, StreamPoint>,
) -> Result<i32, Status> {
    let batches = batches(points);
    let answer = client.put_all(batches).await?;
    Ok(answer.into_inner().count)
}

/// Change it as you like: what ends a batch?
fn batches(points: BoxStream<'static, StreamPoint>) -> BoxStream<'static, PutRequest> {
    drop(points);
    todo!(
        "batches of {MOST_POINTS} points, {MOST_BYTES} bytes or {LONGEST:?}, whichever comes first"
    )
}
