//! `StreamService`: numbers at a fixed pace, behind a time limit, and a slow sum.

use std::time::Duration;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::stream::stream_service_server::StreamService;
use workbook::proto::stream::{StreamRequest, StreamResponse};

use super::fixed;
use super::numbers::{Item, numbers};
use super::produced::produced_within;

/// How long it takes to sum up.
const SUM_TAKES: Duration = Duration::from_millis(400);

/// Which limit the server puts on its stream.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    None,
    Total(Duration),
    Idle(Duration),
    /// Kept by a task.
    Produced(Duration),
}

pub struct Numbers {
    pub limit: Limit,
    /// Whether it logs when its streams are dropped.
    pub logs_drops: bool,
}

impl Numbers {
    fn held(
        &self,
        dropped: &'static str,
        items: BoxStream<'static, Item>,
    ) -> BoxStream<'static, Item> {
        if !self.logs_drops {
            return items;
        }
        let ends = Ends(dropped);
        let hold = move |_: &Item| {
            let _held = &ends;
        };
        items.inspect(hold).boxed()
    }
}

#[tonic::async_trait]
impl StreamService for Numbers {
    type ListStream = BoxStream<'static, Item>;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let with_pause = request.into_inner().pt.is_some_and(|pt| pt.name == "pause");
        let numbers = self.held("the numbers are dropped", numbers(with_pause));
        let limited = match self.limit {
            Limit::None => numbers,
            Limit::Total(limit) => fixed::within_total(numbers, limit).boxed(),
            Limit::Idle(limit) => fixed::within_idle(numbers, limit).boxed(),
            Limit::Produced(limit) => produced_within(numbers, limit).boxed(),
        };
        let response = self.held("the response stream is dropped", limited);
        Ok(Response::new(response))
    }

    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        log_time_left(request.metadata());
        // Dropped with this handler, which tonic drops at the deadline, in the middle of the `.await` below.
        let _handler_ends = Ends("the handler ends");
        // A spawned task is not dropped with the handler.
        let summed = tokio::spawn(async {
            sleep(SUM_TAKES).await;
            info!(step = "task_ends", "the spawned task has finished");
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

/// Logs that what holds it ends, however it ends.
struct Ends(&'static str);

impl Drop for Ends {
    fn drop(&mut self) {
        info!(step = self.0, "{}", self.0);
    }
}

fn log_time_left(metadata: &MetadataMap) {
    match fixed::time_left(metadata) {
        Some(left) => {
            let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
            info!(left_ms, "Record, {left_ms} ms left");
        }
        None => info!("Record, no deadline"),
    }
}
