//! Wrong: adds a limit to the time as it is, which panics for a very large one.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
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

/// Lists within these limits.
pub async fn list(
    channel: Channel,
    request: StreamRequest,
    limits: Limits,
    mut show: impl FnMut(i32),
) -> Result<(), Status> {
    let deadline = from_now(limits.total);
    let mut client = StreamServiceClient::new(channel);
    let mut request = Request::new(request);
    request.set_timeout(told(limits.total));
    let silent = from_now(limits.idle);
    let answer = within(deadline, silent, client.list(request)).await??;
    let mut values = answer.into_inner();
    loop {
        let silent = from_now(limits.idle);
        let Some(response) = within(deadline, silent, values.message()).await?? else {
            return Ok(());
        };
        show(response.pt.map_or(0, |pt| pt.value));
    }
}

fn from_now(limit: Duration) -> Instant {
    Instant::now() + limit
}

/// The time that the server is told: as long, or longer by less than the unit that eight digits allow. tonic would
/// round it down, and its own timer would be too early.
fn told(total: Duration) -> Duration {
    let nanos = total.as_nanos();
    let units: [u128; 4] = [1, 1_000, 1_000_000, 1_000_000_000];
    let fits = |unit: &u128| nanos.div_ceil(*unit) <= 99_999_999;
    let unit = units.into_iter().find(fits).unwrap_or(1_000_000_000);
    let nanos = nanos.div_ceil(unit) * unit;
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// Waits for what happens next, until the deadline, or until it has been silent for too long.
async fn within<T>(
    deadline: Instant,
    silent: Instant,
    next: impl Future<Output = T>,
) -> Result<T, Status> {
    let mut next = pin!(next);
    let mut timer = pin!(sleep_until(deadline.min(silent)));
    poll_fn(|context| {
        // The deadline first, whatever is ready. A timer alone fires only when the runtime gets a turn.
        if Instant::now() >= deadline {
            return Poll::Ready(Err(Status::deadline_exceeded("not within the total")));
        }
        // What is ready has ended the silence.
        if let Poll::Ready(happened) = next.as_mut().poll(context) {
            return Poll::Ready(Ok(happened));
        }
        if Instant::now() >= silent {
            return Poll::Ready(Err(Status::deadline_exceeded("silent for too long")));
        }
        let late = timer.as_mut().poll(context);
        late.map(|()| Err(Status::deadline_exceeded("not in time")))
    })
    .await
}
