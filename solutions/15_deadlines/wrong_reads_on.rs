//! Wrong: returns in time, but a spawned task goes on reading.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
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
    let mut request = Request::new(request);
    request.set_timeout(limits.total);
    let (values, mut read) = mpsc::channel(1);
    let call = async move {
        let mut client = StreamServiceClient::new(channel);
        let mut numbers = client.list(request).await?.into_inner();
        while let Some(number) = numbers.message().await? {
            let _ = values.send(number.pt.unwrap_or_default().value).await;
        }
        Ok(())
    };
    let call = tokio::spawn(call);
    loop {
        let next = deadline.min(Instant::now() + limits.idle);
        match timeout_at(next, read.recv()).await {
            Ok(Some(value)) => show(value),
            Ok(None) => break,
            Err(_) => return Err(Status::deadline_exceeded("the time is up")),
        }
    }
    call.await
        .map_err(|_| Status::internal("the call panicked"))?
}
