//! `StreamService`: numbers at a pace, and a slow sum, behind limits of time.

use std::time::Duration;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::{interval, sleep};
use tokio_stream::wrappers::IntervalStream;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::fixed;

/// A number each so often.
const TICK: Duration = Duration::from_millis(100);
/// How many there are.
const COUNT: usize = 10;
/// After the third number, for whoever asks for it, a pause.
const PAUSE: Duration = Duration::from_millis(500);
/// How long it takes to sum up.
const SLOW: Duration = Duration::from_millis(400);

/// One item of the response stream.
pub type Item = Result<StreamResponse, Status>;

/// What the server limits.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    None,
    Total(Duration),
    Idle(Duration),
}

pub struct Numbers {
    pub limit: Limit,
}

#[tonic::async_trait]
impl StreamService for Numbers {
    type ListStream = BoxStream<'static, Item>;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let with_pause = request.into_inner().pt.is_some_and(|pt| pt.name == "pause");
        let numbers = numbers(with_pause);
        Ok(Response::new(match self.limit {
            Limit::None => numbers,
            Limit::Total(limit) => fixed::within_total(numbers, limit).boxed(),
            Limit::Idle(limit) => fixed::within_idle(numbers, limit).boxed(),
        }))
    }

    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        say_time_left(request.metadata());
        // It is dropped when the deadline is over, in the middle of this `.await`.
        let _over = Over;
        // A task of its own is not.
        let summed = tokio::spawn(async {
            sleep(SLOW).await;
            info!("the task has summed up");
        });
        summed
            .await
            .map_err(|_| Status::internal("the sum panicked"))?;
        Ok(Response::new(StreamResponse::default()))
    }

    type RouteStream = BoxStream<'static, Item>;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("lesson 04 serves Route"))
    }
}

/// Says that a handler is over, however it ended.
struct Over;

impl Drop for Over {
    fn drop(&mut self) {
        info!("the handler is over");
    }
}

fn say_time_left(metadata: &MetadataMap) {
    match fixed::time_left(metadata) {
        Some(left) => info!("Record, {} ms left", left.as_millis()),
        None => info!("Record, all the time in the world"),
    }
}

fn numbers(with_pause: bool) -> BoxStream<'static, Item> {
    let mut ticks = interval(TICK);
    // The first tick of an interval is now.
    ticks.reset();
    let numbers = IntervalStream::new(ticks)
        .zip(futures::stream::iter(1_i32..))
        .take(COUNT);
    numbers
        .then(move |(_, value)| async move {
            if with_pause && value == 4 {
                sleep(PAUSE).await;
            }
            let pt = Some(StreamPoint {
                name: "number".to_owned(),
                value,
            });
            Ok(StreamResponse { pt })
        })
        .boxed()
}
