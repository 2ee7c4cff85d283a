//! Exercise 15, solved: one deadline for the whole call, and an idle limit that restarts with each message.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tonic::transport::Channel;
use tonic::{Request, Status};
use workbook::proto::stream::StreamRequest;
use workbook::proto::stream::stream_service_client::StreamServiceClient;

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the call to the end of the stream.
    pub total: Duration,
    /// The longest silence.
    pub idle: Duration,
}

/// The longest limit, longer than any call: `set_timeout` panics for more than 11,415 years (tonic 0.14.9).
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Lists within these limits.
pub async fn list(
    channel: Channel,
    request: StreamRequest,
    limits: Limits,
    mut show: impl FnMut(i32),
) -> Result<(), Status> {
    let deadline = from_now(limits.total);
    // The earlier of the two limits.
    let next = || deadline.min(from_now(limits.idle));

    let mut request = Request::new(request);
    // Tells the server. That tonic's own timer also runs until the call is answered does no harm.
    request.set_timeout(limits.total.min(LONGEST));
    let mut client = StreamServiceClient::new(channel);
    let mut numbers = by(next(), client.list(request)).await?.into_inner();
    while let Some(number) = by(next(), numbers.message()).await? {
        show(number.pt.unwrap_or_default().value);
    }
    Ok(())
}

/// So much later. An `Instant` that overflows panics, and a caller may pass `Duration::MAX`.
fn from_now(limit: Duration) -> Instant {
    Instant::now() + limit.min(LONGEST)
}

/// The result of `work`, or DeadlineExceeded if there is none by `deadline`.
async fn by<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    tokio::select! {
        // The deadline first: tonic's own timer fires in the same instant, and returns Cancelled. And
        // while messages are ready, `timeout_at` would never get to the clock.
        biased;
        () = passed(deadline) => Err(Status::deadline_exceeded("the time is up")),
        done = work => done,
    }
}

/// Waits for the deadline, which may have passed. A timer fires only when the runtime gets a turn, and
/// messages that are all ready do not give it one.
async fn passed(deadline: Instant) {
    if Instant::now() < deadline {
        sleep_until(deadline).await;
    }
}
