//! The deadline of a call, kept for the whole stream.

use std::time::Duration;

use futures::stream::{self, StreamExt as _};
use tokio::time::{Instant, sleep_until};
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::station::Points;

/// The points until the deadline, and then an error.
///
/// hyper does not poll a response stream while its client has no room, so a client that does not read is
/// told when it reads again.
pub fn until(deadline: Option<Instant>, points: Points) -> Points {
    let Some(deadline) = deadline else {
        return points;
    };
    stream::unfold(Some(points), move |points| async move {
        let mut points = points?;
        tokio::select! {
            biased;
            () = sleep_until(deadline) => {
                Some((Err(Status::deadline_exceeded("the deadline has passed")), None))
            }
            item = points.next() => Some((item?, Some(points))),
        }
    })
    .boxed()
}

/// When the call must be over, if its client says so. tonic's own timeout ends at the response headers.
pub fn deadline(metadata: &MetadataMap) -> Option<Instant> {
    let value = metadata.get("grpc-timeout")?.to_str().ok()?;
    // At most eight digits and a unit (gRPC over HTTP/2, *Timeout*).
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let amount: u64 = digits.parse().ok()?;
    let limit = match unit {
        "H" => Duration::from_secs(amount.checked_mul(3_600)?),
        "M" => Duration::from_secs(amount.checked_mul(60)?),
        "S" => Duration::from_secs(amount),
        "m" => Duration::from_millis(amount),
        "u" => Duration::from_micros(amount),
        "n" => Duration::from_nanos(amount),
        _ => return None,
    };
    Instant::now().checked_add(limit)
}
