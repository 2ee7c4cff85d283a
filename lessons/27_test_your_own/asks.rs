//! What the tests of this lesson's scenes send, and how they report.

use std::time::Duration;

use tonic::transport::Channel;
use tracing::info;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::{StreamPoint, StreamRequest};
use workbook::{Failure, Network};

use super::promise::TestResult;

pub type Client = StreamServiceClient<Channel>;

/// What the server may need to see that its client has disconnected. It takes no virtual time, so any wait is long enough.
pub const A_MOMENT: Duration = Duration::from_millis(5);

/// A name of a KiB, so that the windows are counted in points and not in thousands of them.
const LARGE: usize = 1_024;

pub async fn connected(network: &Network) -> Result<Client, Failure> {
    Ok(StreamServiceClient::new(network.channel().await?))
}

/// Points of that name; `value` is how many, and 0 means no end.
pub fn ask(name: &str, value: i32) -> StreamRequest {
    let name = name.to_owned();
    StreamRequest {
        pt: Some(StreamPoint { name, value }),
    }
}

/// Large points without an end.
pub fn large() -> StreamRequest {
    ask(&"x".repeat(LARGE), 0)
}

/// Reports how a test has ended.
pub fn report(test: &str, result: &TestResult) {
    match result {
        Ok(()) => info!(verdict = "passes", "{test}: passes"),
        Err(why) => info!(verdict = "fails", "{test}: fails, {why}"),
    }
}
