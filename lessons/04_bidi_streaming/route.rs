//! `StreamService.Route`: a reply to each point, as soon as the point arrives.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

/// Counts the points, and replies to each with its number.
pub struct Routes {
    /// How long one point takes.
    pub takes: Duration,
}

#[tonic::async_trait]
impl StreamService for Routes {
    // ANCHOR: route
    type RouteStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn route(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        let route = Route {
            points: request.into_inner(),
            count: 0,
            takes: self.takes,
        };
        // The handler returns before it has read anything. From here on, tonic polls this stream
        // for the next reply, and the stream reads the next request from `points`.
        Ok(Response::new(
            stream::try_unfold(route, Route::reply).boxed(),
        ))
    }
    // ANCHOR_END: route

    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(&self, _: Request<StreamRequest>) -> Result<Response<Self::ListStream>, Status> {
        Err(Status::unimplemented("lesson 02 serves List"))
    }

    async fn record(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Err(Status::unimplemented("lesson 03 serves Record"))
    }
}

// ANCHOR: reply
/// The state of one call.
struct Route {
    points: Streaming<StreamRequest>,
    count: i32,
    takes: Duration,
}

impl Route {
    /// The next reply, and the state after it; None when the requests have ended.
    async fn reply(mut self) -> Result<Option<(StreamResponse, Self)>, Status> {
        let Some(request) = self.points.message().await? else {
            info!("end of the points: ends the replies");
            return Ok(None);
        };
        let point = request
            .pt
            .ok_or_else(|| Status::invalid_argument("pt is missing"))?;
        if !self.takes.is_zero() {
            sleep(self.takes).await;
        }
        let value = self.count;
        info!(
            got = point.value,
            reply = value,
            "got {}, replies {value}",
            point.value
        );
        let too_many = || Status::out_of_range("more points than a reply can count");
        self.count = self.count.checked_add(1).ok_or_else(too_many)?;
        let pt = StreamPoint {
            name: point.name,
            value,
        };
        Ok(Some((StreamResponse { pt: Some(pt) }, self)))
    }
}
// ANCHOR_END: reply
