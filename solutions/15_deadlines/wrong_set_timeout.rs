//! Wrong: `set_timeout` alone, whose timer runs only until the call is answered.

use std::time::Duration;

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
    let mut request = Request::new(request);
    request.set_timeout(limits.total.min(limits.idle));
    let mut client = StreamServiceClient::new(channel);
    let mut numbers = client.list(request).await?.into_inner();
    while let Some(number) = numbers.message().await? {
        show(number.pt.unwrap_or_default().value);
    }
    Ok(())
}
