//! Wrong: a task makes the call, and goes on when the future of `list` is dropped.

use std::time::Duration;

use tokio::sync::mpsc;
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
    let (values, mut read) = mpsc::channel(1);
    let call = tokio::spawn(async move {
        let deadline = Instant::now() + limits.total;
        let next = || deadline.min(Instant::now() + limits.idle);
        let mut request = Request::new(request);
        request.set_timeout(limits.total);
        let mut client = StreamServiceClient::new(channel);
        let mut numbers = by(next(), client.list(request)).await?.into_inner();
        while let Some(number) = by(next(), numbers.message()).await? {
            let _ = values.send(number.pt.unwrap_or_default().value).await;
        }
        Ok(())
    });
    while let Some(value) = read.recv().await {
        show(value);
    }
    call.await
        .map_err(|_| Status::internal("the call panicked"))?
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
