//! The cure: limits over the stream itself, and one deadline for all that is done.

use std::time::Duration;

use futures::stream::{self, Stream, StreamExt as _};
use tokio::time::{Instant, timeout, timeout_at};
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::list::Item;

// ANCHOR: total
/// The stream, for at most that long from now on. If it has not ended by then, its last item is
/// DeadlineExceeded.
///
/// Costs a timer for each stream. It is the wrong cure for a feed without an end: there is nothing
/// that it would have to be done by.
pub fn within_total(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    let deadline = Instant::now() + limit;
    stream::unfold(Some(items.boxed()), move |items| async move {
        // None: the deadline was the last item.
        let mut items = items?;
        match timeout_at(deadline, items.next()).await {
            Ok(item) => Some((item?, Some(items))),
            // What is left of the stream is dropped here, and with it whatever makes it.
            Err(_) => Some((Err(too_late(limit)), None)),
        }
    })
}
// ANCHOR_END: total

// ANCHOR: idle
/// The stream, as long as it is not silent for longer than that.
///
/// The wrong cure for a stream that may be silent: there only the connection can be asked whether the
/// other side is alive (keepalive).
pub fn within_idle(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    stream::unfold(Some(items.boxed()), move |items| async move {
        let mut items = items?;
        // A new timer for each item: that is what makes it a limit for silence.
        match timeout(limit, items.next()).await {
            Ok(item) => Some((item?, Some(items))),
            Err(_) => Some((Err(too_late(limit)), None)),
        }
    })
}
// ANCHOR_END: idle

fn too_late(limit: Duration) -> Status {
    Status::deadline_exceeded(format!("not within {} ms", limit.as_millis()))
}

// ANCHOR: deadline
/// A point in time by which all of it has to be done, however many calls it takes.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn after(limit: Duration) -> Self {
        Self(Instant::now() + limit)
    }

    /// What is left for the next call: `request.set_timeout(deadline.left())`.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
// ANCHOR_END: deadline

// ANCHOR: time_left
/// How much time the client gives, if it says so: `grpc-timeout`, at most eight digits and a unit
/// (gRPC over HTTP/2, "Requests").
pub fn time_left(metadata: &MetadataMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let amount: u32 = digits.parse().ok().filter(|_| digits.len() <= 8)?;
    let unit = match unit {
        "H" => Duration::from_secs(60 * 60),
        "M" => Duration::from_secs(60),
        "S" => Duration::from_secs(1),
        "m" => Duration::from_millis(1),
        "u" => Duration::from_micros(1),
        "n" => Duration::from_nanos(1),
        _ => return None,
    };
    Some(unit * amount)
}
// ANCHOR_END: time_left
