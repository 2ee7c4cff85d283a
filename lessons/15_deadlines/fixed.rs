//! The fix: a limit on the stream itself, and one deadline for several calls.

use std::time::Duration;

use futures::stream::{self, Stream, StreamExt as _};
use tokio::time::{Instant, timeout, timeout_at};
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::numbers::Item;

// ANCHOR: total
/// The stream, for at most `limit` from now on. If it has not ended by then, its last item is
/// DeadlineExceeded.
///
/// Costs a timer for each stream. It is the wrong fix for a subscription without an end, which has
/// nothing to finish by a deadline.
pub fn within_total(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    let deadline = Instant::now() + limit;
    stream::unfold(Some(items.boxed()), move |items| async move {
        // None after the deadline: DeadlineExceeded was the last item.
        let mut items = items?;
        match timeout_at(deadline, items.next()).await {
            Ok(item) => Some((item?, Some(items))),
            // The rest of the stream is dropped here, and with it what produces it.
            Err(_) => Some((Err(too_late(limit)), None)),
        }
    })
}
// ANCHOR_END: total

// ANCHOR: idle
/// The stream, until it is silent for longer than `limit`. Then its last item is DeadlineExceeded.
///
/// It is the wrong fix for a stream that may be silent for long: there, only a keepalive on the
/// connection can detect that the peer is dead.
pub fn within_idle(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    stream::unfold(Some(items.boxed()), move |items| async move {
        let mut items = items?;
        // A new timer for each item, so that it limits the silence and not the total.
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
/// A point in time by which all the work has to be done, however many calls it takes.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn after(limit: Duration) -> Self {
        Self(Instant::now() + limit)
    }

    /// The time left for the next call: `request.set_timeout(deadline.left())`.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
// ANCHOR_END: deadline

// ANCHOR: time_left
/// The time that the client allows, if it set a deadline: the header `grpc-timeout` contains at most
/// eight digits and a unit (gRPC over HTTP/2, "Requests").
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
