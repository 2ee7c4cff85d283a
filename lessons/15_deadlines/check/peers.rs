//! The peer of the exercise: a server with a timetable, which records when its call ends.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, sleep, timeout};
use tonic::transport::Server;
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::super::exercise::{Limits, list};

pub const SECOND: Duration = Duration::from_secs(1);

/// The limits of most calls below.
pub const LIMITS: Limits = Limits {
    total: Duration::from_millis(3500),
    idle: Duration::from_secs(2),
};

/// No call below takes longer than this, in virtual time.
const CALL_LIMIT: Duration = Duration::from_secs(24 * 60 * 60);

/// When the server does what.
#[derive(Debug, Clone, Default)]
pub struct Timetable {
    /// How long it takes to answer the call.
    pub opens_after: Duration,
    /// How long before each message.
    pub pauses: Vec<Duration>,
    /// How it ends then; None is OK.
    pub fails: Option<Status>,
    /// Whether it fails instead of answering.
    pub refuses: bool,
}

/// What the server records of the call.
#[derive(Default)]
struct Seen {
    timeout: Option<String>,
    ended: Option<Instant>,
}

/// How the call ended.
pub struct Listed {
    pub result: Result<(), Status>,
    pub shown: Vec<i32>,
    /// From the call to the exercise's return.
    pub took: Duration,
    /// From the call to its end at the server; None if it goes on.
    pub server_took: Option<Duration>,
    /// The value of the request's `grpc-timeout`.
    pub told: Option<String>,
}

/// Runs the exercise against a server with this timetable.
pub async fn listed(lab: &Lab, timetable: Timetable, limits: Limits) -> Result<Listed, Finding> {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let service = Service {
        timetable,
        seen: Arc::clone(&seen),
    };
    lab.serve(Server::builder().add_service(StreamServiceServer::new(service)));
    let channel = lab.channel().await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    let mut shown = Vec::new();
    let start = Instant::now();
    let show = |value| shown.push(value);
    let result = timeout(
        CALL_LIMIT,
        list(channel, StreamRequest::default(), limits, show),
    )
    .await;
    let took = start.elapsed();
    let result = result.map_err(|_| Finding::seen("it had not returned after a day"))?;
    // Everything that ends in the same instant has ended after this.
    sleep(Duration::from_millis(5)).await;
    let seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Listed {
        result,
        shown,
        took,
        server_took: seen.ended.map(|ended| ended.duration_since(start)),
        told: seen.timeout.clone(),
    })
}

struct Service {
    timetable: Timetable,
    seen: Arc<Mutex<Seen>>,
}

/// Records when the call ends, however it ends.
struct CallEnds(Arc<Mutex<Seen>>);

impl Drop for CallEnds {
    fn drop(&mut self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ended = Some(Instant::now());
    }
}

#[tonic::async_trait]
impl StreamService for Service {
    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let call_ends = CallEnds(Arc::clone(&self.seen));
        let told = request
            .metadata()
            .get("grpc-timeout")
            .and_then(|value| value.to_str().ok());
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .timeout = told.map(str::to_owned);
        let Timetable {
            opens_after,
            pauses,
            fails,
            refuses,
        } = self.timetable.clone();
        if !opens_after.is_zero() {
            sleep(opens_after).await;
        }
        if refuses {
            return Err(fails.unwrap_or_else(|| Status::unavailable("closed")));
        }
        let messages =
            stream::iter(pauses)
                .zip(stream::iter(1..))
                .then(|(pause, value)| async move {
                    if !pause.is_zero() {
                        sleep(pause).await;
                    }
                    let name = String::new();
                    Ok(StreamResponse {
                        pt: Some(StreamPoint { name, value }),
                    })
                });
        let all = messages
            .chain(stream::iter(fails.map(Err)))
            .map(move |item| {
                let _call_ends = &call_ends;
                item
            });
        Ok(Response::new(all.boxed()))
    }

    async fn record(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }

    type RouteStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
