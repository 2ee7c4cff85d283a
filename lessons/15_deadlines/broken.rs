//! What goes wrong: a timeout that only covers the wait for the response headers; and a total that
//! restarts with each message.

use std::time::Duration;

use tokio::time::timeout;
use tonic::transport::Channel;
use tonic::{Request, Status, Streaming};
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamRequest, StreamResponse};

// ANCHOR: set_timeout
/// Wrong as a limit for the stream: the timeout covers only the wait for the response *headers*.
pub async fn list_with_timeout(
    client: &mut StreamServiceClient<Channel>,
    request: StreamRequest,
    limit: Duration,
) -> Result<Streaming<StreamResponse>, Status> {
    let mut request = Request::new(request);
    request.set_timeout(limit);
    Ok(client.list(request).await?.into_inner())
}
// ANCHOR_END: set_timeout

// ANCHOR: each_message
/// Wrong as a total: a new timeout for each message limits the silence between two messages.
pub async fn read_with_timeouts(
    mut numbers: Streaming<StreamResponse>,
    limit: Duration,
) -> Result<usize, Status> {
    let mut count = 0;
    loop {
        let next = timeout(limit, numbers.message()).await;
        let too_late = |_| Status::deadline_exceeded("no number came in time");
        if next.map_err(too_late)??.is_none() {
            return Ok(count);
        }
        count += 1;
    }
}
// ANCHOR_END: each_message
