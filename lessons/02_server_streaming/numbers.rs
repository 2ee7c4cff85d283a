//! `StreamService.List`: replies that count up from the request.

use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::time::{Instant, interval_at, sleep};
use tokio_stream::wrappers::IntervalStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

/// How many replies a request gets.
const REPLIES: i32 = 7;

/// Replies with numbers that count up, one every `pace`.
pub struct Numbers {
    /// How long the handler waits before it returns a stream.
    returns_after: Duration,
    /// How long the stream waits before its first item.
    first_item_after: Duration,
    /// The time from one item to the next.
    pace: Duration,
}

/// Starts at once, then one number a second.
pub fn steady() -> Numbers {
    Numbers {
        returns_after: Duration::ZERO,
        first_item_after: Duration::ZERO,
        pace: Duration::from_secs(1),
    }
}

/// The handler returns after 300 ms, and its stream yields the first number 500 ms later.
pub fn slow_to_start() -> Numbers {
    Numbers {
        returns_after: Duration::from_millis(300),
        first_item_after: Duration::from_millis(500),
        pace: Duration::from_millis(100),
    }
}

#[tonic::async_trait]
impl StreamService for Numbers {
    // ANCHOR: list
    // The handler returns this stream, and tonic polls it whenever the connection can take more.
    // It is a plain value without a task or an mpsc channel. When the client cancels, tonic drops it.
    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let StreamPoint { name, value } = request
            .into_inner()
            .pt
            .ok_or_else(|| Status::invalid_argument("pt is missing"))?;
        info!("List({value})");
        // Refuse here: once the handler has returned a stream, the call has been answered.
        let end = value
            .checked_add(REPLIES)
            .ok_or_else(|| Status::invalid_argument("pt.value is too large to count up from"))?;
        sleep(self.returns_after).await;
        info!("the handler returns a stream");

        let ticks = IntervalStream::new(interval_at(
            Instant::now() + self.first_item_after,
            self.pace,
        ));
        let numbers = futures::stream::iter(value..end)
            .zip(ticks)
            .map(move |(value, _)| {
                info!(sent = value, "sends {value}");
                Ok(StreamResponse {
                    pt: Some(StreamPoint {
                        name: name.clone(),
                        value,
                    }),
                })
            });
        Ok(Response::new(numbers.boxed()))
    }
    // ANCHOR_END: list

    async fn record(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Err(Status::unimplemented("lesson 03 serves Record"))
    }

    type RouteStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("lesson 04 serves Route"))
    }
}
