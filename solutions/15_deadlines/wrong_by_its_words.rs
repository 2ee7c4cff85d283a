//! Wrong: recognizes tonic's timer by its message, which a server's timer has, too.

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
    let deadline = Instant::now() + limits.total;
    // The earlier of the two limits.
    let next = || deadline.min(Instant::now() + limits.idle);

    let mut request = Request::new(request);
    // Tells the server. That tonic's own timer also runs until the call is answered does no harm.
    request.set_timeout(limits.total);
    let mut client = StreamServiceClient::new(channel);
    let mut numbers = by(next(), client.list(request)).await?.into_inner();
    while let Some(number) = by(next(), numbers.message()).await? {
        show(number.pt.unwrap_or_default().value);
    }
    Ok(())
}

/// The result of `work`, or DeadlineExceeded if there is none by `deadline`.
async fn by<T>(
    deadline: Instant,
    work: impl Future<Output = Result<T, Status>>,
) -> Result<T, Status> {
    tokio::select! {
        // The deadline first: tonic's own timer fires in the same instant, and returns Cancelled.
        biased;
        () = passed(deadline) => Err(Status::deadline_exceeded("the time is up")),
        done = work => done.map_err(|status| match status.message() {
            "Timeout expired" => Status::deadline_exceeded("the time is up"),
            _ => status,
        }),
    }
}

/// Waits for the deadline, which may have passed. A timer fires only when the runtime gets a turn, and
/// messages that are all ready do not give it one.
async fn passed(deadline: Instant) {
    if Instant::now() < deadline {
        sleep_until(deadline).await;
    }
}
