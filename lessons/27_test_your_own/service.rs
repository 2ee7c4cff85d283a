//! `StreamService` on a station: List, Record and Route, each as it should be.
//!
//! A faulty server is one that does one of these differently: see `faulty_list.rs` and `faulty_calls.rs`.

use futures::StreamExt as _;
use futures::stream;
use tokio::time::Instant;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::deadline::{deadline, until};
use super::station::{LARGEST_UPLOAD, Points, Station};

/// The name that asks List for what is uploaded from now on.
pub const UPLOADS: &str = "uploads";
/// The name of an upload's last message, whose value is how many points came before it.
pub const END: &str = "end";

/// The three calls. What an implementation leaves out is sound.
#[tonic::async_trait]
pub trait Calls: Send + Sync + 'static {
    /// The points for one List.
    fn list(&self, station: &Station, ask: Ask) -> Points {
        until(ask.deadline, points(station, &ask))
    }

    /// Takes an upload, and returns its sum. It is stored when its last message has come.
    async fn record(
        &self,
        station: &Station,
        mut requests: Streaming<StreamRequest>,
    ) -> Result<i32, Status> {
        let mut upload = Vec::new();
        while let Some(request) = requests.message().await? {
            let point = request.pt.ok_or_else(no_point)?;
            if point.name == END {
                if usize::try_from(point.value) != Ok(upload.len()) {
                    return Err(Status::data_loss("the upload has another number of points"));
                }
                return Ok(self.keep(station, upload).await);
            }
            if upload.len() == LARGEST_UPLOAD {
                return Err(Status::resource_exhausted("the upload is too large"));
            }
            upload.push(point);
        }
        Err(Status::aborted("the upload ended without its last message"))
    }

    /// Stores an upload, and gives its points to all subscribers.
    async fn keep(&self, station: &Station, upload: Vec<StreamPoint>) -> i32 {
        let sum = sum(&upload);
        station.keep(sum);
        for point in upload {
            station.publish(point);
        }
        sum
    }

    /// Answers each point when it comes.
    fn route(&self, requests: Streaming<StreamRequest>) -> Points {
        requests
            .map(|request| request?.pt.ok_or_else(no_point))
            .boxed()
    }
}

/// A sound server.
pub struct Sound;

impl Calls for Sound {}

/// What a client asks of List.
pub struct Ask {
    pub name: String,
    pub value: i32,
    pub deadline: Option<Instant>,
}

/// The points that are asked for, whatever the deadline.
pub fn points(station: &Station, ask: &Ask) -> Points {
    if ask.name == UPLOADS {
        station.uploads()
    } else {
        station.source(ask.name.clone(), ask.value)
    }
}

pub fn sum(upload: &[StreamPoint]) -> i32 {
    upload
        .iter()
        .fold(0, |sum, point| sum.saturating_add(point.value))
}

pub fn no_point() -> Status {
    Status::invalid_argument("a request has no point")
}

/// The calls as a gRPC service.
pub struct Service<C> {
    pub calls: C,
    pub station: Station,
}

#[tonic::async_trait]
impl<C: Calls> StreamService for Service<C> {
    type ListStream = stream::BoxStream<'static, Result<StreamResponse, Status>>;
    type RouteStream = Self::ListStream;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let deadline = deadline(request.metadata());
        let StreamPoint { name, value } = request.into_inner().pt.ok_or_else(no_point)?;
        let ask = Ask {
            name,
            value,
            deadline,
        };
        Ok(Response::new(responses(
            self.calls.list(&self.station, ask),
        )))
    }

    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let value = self.calls.record(&self.station, request.into_inner());
        let value = value.await?;
        let name = "sum".to_owned();
        let pt = Some(StreamPoint { name, value });
        Ok(Response::new(StreamResponse { pt }))
    }

    async fn route(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Ok(Response::new(responses(
            self.calls.route(request.into_inner()),
        )))
    }
}

fn responses(points: Points) -> stream::BoxStream<'static, Result<StreamResponse, Status>> {
    points
        .map(|point| point.map(|point| StreamResponse { pt: Some(point) }))
        .boxed()
}
