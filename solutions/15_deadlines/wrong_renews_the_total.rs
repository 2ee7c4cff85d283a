//! Wrong: the total restarts with each message.

use std::time::Duration;

use tokio::time::timeout;
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
    let too_late = |_| Status::deadline_exceeded("the time is up");
    let limit = limits.total.min(limits.idle);
    let mut request = Request::new(request);
    request.set_timeout(limits.total);
    let mut client = StreamServiceClient::new(channel);
    let answered = timeout(limit, client.list(request)).await;
    let mut numbers = answered.map_err(too_late)??.into_inner();
    while let Some(number) = timeout(limit, numbers.message())
        .await
        .map_err(too_late)??
    {
        show(number.pt.unwrap_or_default().value);
    }
    Ok(())
}
