//! The fix: a limit on the stream itself, and one deadline for several calls.

use std::time::Duration;

use futures::stream::{self, Stream, StreamExt as _};
use tokio::time::{Instant, sleep_until, timeout};
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::numbers::Item;

/// The longest limit, longer than any call. An `Instant` that overflows panics, and a peer may have
/// chosen the limit.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

// ANCHOR: total
/// The stream, for at most `limit` from now on. If it has not ended by then, its last item is
/// DeadlineExceeded, even if the next item is ready.
///
/// Costs a timer for each item. A Rust stream does nothing until it is polled, and hyper polls a
/// response stream only while the client's window has room. So on a server this does not end the
/// stream of a client that does not read: see `produced_within`. It is the wrong fix for a
/// subscription without an end, which has nothing to finish by a deadline.
pub fn within_total(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    let deadline = from_now(limit);
    stream::unfold(Some(items.boxed()), move |items| async move {
        // None after the deadline: DeadlineExceeded was the last item.
        let mut items = items?;
        tokio::select! {
            // The clock first. `timeout_at` polls the item first, so it never gets to the clock while
            // items are ready.
            biased;
            // The rest of the stream is dropped here, and with it what produces it.
            () = passed(deadline) => Some((Err(too_late(limit)), None)),
            item = items.next() => Some((item?, Some(items))),
        }
    })
}

/// Waits for the deadline, which may have passed. A timer alone fires only when the runtime gets a
/// turn, and a stream whose items are all ready does not give it one.
pub async fn passed(deadline: Instant) {
    if Instant::now() < deadline {
        sleep_until(deadline).await;
    }
}
// ANCHOR_END: total

// ANCHOR: idle
/// The stream, until it is silent for longer than `limit`. Then its last item is DeadlineExceeded.
///
/// Like [`within_total`], it does nothing while the client does not read: hyper does not poll it, and the
/// silence is not counted. It is the wrong fix for a stream that may be silent for long: there, only a
/// keepalive on the connection can detect that the peer is dead.
pub fn within_idle(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    stream::unfold(Some(items.boxed()), move |items| async move {
        let mut items = items?;
        // A new timer for each item, so that it limits the silence and not the total. `timeout` polls
        // the item first, which is right here: an item that is ready has ended the silence.
        match timeout(limit, items.next()).await {
            Ok(item) => Some((item?, Some(items))),
            Err(_) => Some((Err(too_late(limit)), None)),
        }
    })
}
// ANCHOR_END: idle

pub fn too_late(limit: Duration) -> Status {
    Status::deadline_exceeded(format!("not within {} ms", limit.as_millis()))
}

pub fn from_now(limit: Duration) -> Instant {
    Instant::now() + limit.min(LONGEST)
}

// ANCHOR: deadline
/// A point in time by which all the work has to be done, however many calls it takes.
#[derive(Debug, Clone, Copy)]
pub struct Deadline(Instant);

impl Deadline {
    pub fn after(limit: Duration) -> Self {
        Self(from_now(limit))
    }

    /// The time left for the next call: `request.set_timeout(deadline.left())`.
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}
// ANCHOR_END: deadline

// ANCHOR: time_left
/// The time that the client allows, if it set a deadline. The header `grpc-timeout` contains one to
/// eight digits and a unit (gRPC over HTTP/2, "Requests"); any other value sets none.
pub fn time_left(metadata: &MetadataMap) -> Option<Duration> {
    let text = metadata.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    // `parse` would accept a sign, too.
    let is_number = digits.len() <= 8 && digits.bytes().all(|digit| digit.is_ascii_digit());
    let amount: u32 = digits.parse().ok().filter(|_| is_number)?;
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
