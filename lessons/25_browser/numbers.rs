//! The services of this lesson: numbers for a page, one by one.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::Semaphore;
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

/// More numbers than a page shows.
const MOST: i32 = 1000;
/// A stream with this name sends its next number when `Record` has taken a point.
const STEPS: &str = "steps";
/// A stream with this name fails after its second number.
const BREAKS: &str = "breaks";
const BREAKS_AFTER: i32 = 2;
/// Points that `Record` has taken and no stream has used: more are refused, because a semaphore has a limit.
const MOST_STEPS: usize = 1000;

/// Counts from 1 to the number that is asked for.
#[derive(Clone)]
pub struct Numbers {
    /// From one number to the next; at once where it is zero.
    pace: Duration,
    /// A permit for each point that `Record` has taken.
    steps: Arc<Semaphore>,
}

impl Numbers {
    pub fn every(pace: Duration) -> Self {
        let steps = Arc::new(Semaphore::new(0));
        Self { pace, steps }
    }

    /// Waits until the next number is due.
    async fn due(&self, name: &str) {
        if name == STEPS {
            // An Err means that the semaphore was closed, and it never is.
            if let Ok(permit) = self.steps.acquire().await {
                permit.forget();
            }
        } else if !self.pace.is_zero() {
            sleep(self.pace).await;
        }
    }
}

#[tonic::async_trait]
impl StreamService for Numbers {
    // ANCHOR: list
    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let StreamPoint { name, value: last } = point(request.into_inner())?;
        if !(1..=MOST).contains(&last) {
            info!(step = "refuses", "List({last}): refuses");
            return Err(Status::invalid_argument(format!(
                "pt.value must be 1 to {MOST}"
            )));
        }
        info!(step = "list", "List({last})");
        let count = Count {
            numbers: self.clone(),
            name,
            next: 1,
            last,
            ended: false,
        };
        let numbers = stream::unfold(count, Count::next);
        Ok(Response::new(numbers.boxed()))
    }
    // ANCHOR_END: list

    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let mut points = request.into_inner();
        let mut count = 0;
        while let Some(request) = points.message().await? {
            point(request)?;
            count += 1;
            if self.steps.available_permits() >= MOST_STEPS {
                return Err(Status::resource_exhausted("no stream uses the steps"));
            }
            self.steps.add_permits(1);
            info!(recorded = count, "Record: point {count}");
        }
        let name = STEPS.to_owned();
        let pt = Some(StreamPoint { name, value: count });
        Ok(Response::new(StreamResponse { pt }))
    }

    type RouteStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn route(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        let points = request.into_inner();
        let echoes = points.map(|request| {
            let pt = point(request?)?;
            info!(echoed = pt.value, "Route: {}", pt.value);
            Ok(StreamResponse { pt: Some(pt) })
        });
        Ok(Response::new(echoes.boxed()))
    }
}

fn point(request: StreamRequest) -> Result<StreamPoint, Status> {
    let missing = || Status::invalid_argument("pt is missing");
    request.pt.ok_or_else(missing)
}

/// The state of one stream.
struct Count {
    numbers: Numbers,
    name: String,
    next: i32,
    last: i32,
    ended: bool,
}

impl Count {
    async fn next(mut self) -> Option<(Result<StreamResponse, Status>, Self)> {
        if self.ended || self.next > self.last {
            self.ended = true;
            return None;
        }
        // The first number is sent at once, so that the page sees that it is connected.
        if self.next > 1 {
            self.numbers.due(&self.name).await;
        }
        if self.name == BREAKS && self.next > BREAKS_AFTER {
            self.ended = true;
            return Some((Err(Status::data_loss("café 100% gone")), self));
        }
        let value = self.next;
        self.next += 1;
        info!(sent = value, "sends {value}");
        let pt = Some(StreamPoint {
            name: self.name.clone(),
            value,
        });
        Some((Ok(StreamResponse { pt }), self))
    }
}

/// An abort in the page arrives here, and so does everything else that ends the connection.
impl Drop for Count {
    fn drop(&mut self) {
        if !self.ended {
            info!(step = "dropped", "the stream is dropped before its end");
        }
    }
}
