//! `StreamService.Record`: many points, one answer that sums them up.

use std::time::Duration;

use futures::stream::BoxStream;
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

/// Adds up the points that a client sends.
pub struct Recorder {
    /// How long one point takes.
    pub takes: Duration,
}

#[tonic::async_trait]
impl StreamService for Recorder {
    // ANCHOR: record
    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let mut points = request.into_inner();
        let (mut count, mut sum) = (0_u64, 0_i32);
        while let Some(request) = points.message().await? {
            let point = request
                .pt
                .ok_or_else(|| Status::invalid_argument("pt is missing"))?;
            if !self.takes.is_zero() {
                sleep(self.takes).await;
            }
            count += 1;
            sum = sum
                .checked_add(point.value)
                .ok_or_else(|| Status::out_of_range("the sum does not fit into 32 bits"))?;
            info!(read = count, "has read {count}");
        }
        info!("end of the points: answers");
        let name = format!("{count} points");
        Ok(Response::new(StreamResponse {
            pt: Some(StreamPoint { name, value: sum }),
        }))
    }
    // ANCHOR_END: record

    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(&self, _: Request<StreamRequest>) -> Result<Response<Self::ListStream>, Status> {
        Err(Status::unimplemented("lesson 02 serves List"))
    }

    type RouteStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("lesson 04 serves Route"))
    }
}
