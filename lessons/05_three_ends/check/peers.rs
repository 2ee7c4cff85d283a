//! The exercise's peers: a service around its stream, and a producer that follows a script.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::super::exercise::{Reply, supervised};

/// What a producer does next.
#[derive(Clone)]
pub enum Act {
    Send(i32),
    Wait(Duration),
    Fail(Code),
    Panic,
}

/// What a producer does, and how many copies of it are running.
#[derive(Clone)]
pub struct Script {
    acts: Vec<Act>,
    running: Arc<AtomicUsize>,
}

impl Script {
    pub fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            acts: acts.into_iter().collect(),
            running: Arc::default(),
        }
    }

    pub fn is_running(&self) -> bool {
        self.running.load(Ordering::Relaxed) > 0
    }

    async fn play(self, replies: mpsc::Sender<Reply>) {
        let _running = Running::new(&self.running);
        for act in self.acts {
            match act {
                // A producer that does not check the result of `send`.
                Act::Send(value) => drop(replies.send(Ok(point(value))).await),
                Act::Wait(duration) => sleep(duration).await,
                Act::Fail(code) => drop(replies.send(Err(Status::new(code, "no more"))).await),
                // Unwinds without the panic hook, because this panic is not the student's.
                Act::Panic => std::panic::resume_unwind(Box::new("the producer is broken")),
            }
        }
    }
}

/// Counts a producer while it runs, however it ends.
struct Running(Arc<AtomicUsize>);

impl Running {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(count))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a client got.
pub struct Got {
    pub values: Vec<i32>,
    pub end: Result<(), Status>,
}

/// Reads a stream to its end.
pub async fn read(mut replies: Streaming<StreamResponse>) -> Result<Got, Finding> {
    let mut values = Vec::new();
    loop {
        match replies.message().await {
            Ok(Some(reply)) => values.push(reply.pt.unwrap_or_default().value),
            Ok(None) => {
                return Ok(Got {
                    values,
                    end: Ok(()),
                });
            }
            Err(status) => {
                return Ok(Got {
                    values,
                    end: Err(status),
                });
            }
        }
    }
}

/// A call whose replies are made by the exercise from this script.
pub async fn list(lab: &Lab, script: &Script) -> Result<Streaming<StreamResponse>, Finding> {
    let script = script.clone();
    call(lab, move || {
        let script = script.clone();
        supervised(move |replies| script.play(replies))
    })
    .await
}

/// A call whose replies are these.
pub async fn plain(
    lab: &Lab,
    replies: Vec<Result<i32, Status>>,
) -> Result<Streaming<StreamResponse>, Finding> {
    call(lab, move || {
        stream::iter(replies.clone())
            .map(|reply| reply.map(point))
            .boxed()
    })
    .await
}

async fn call(
    lab: &Lab,
    replies: impl Fn() -> BoxStream<'static, Reply> + Send + Sync + 'static,
) -> Result<Streaming<StreamResponse>, Finding> {
    lab.serve(Server::builder().add_service(StreamServiceServer::new(Service(Box::new(replies)))));
    let channel = lab.channel().await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    let response = StreamServiceClient::new(channel)
        .list(StreamRequest::default())
        .await;
    response.map(Response::into_inner).map_err(|status| {
        Finding::seen(format!(
            "the call itself failed with {:?} {:?}",
            status.code(),
            status.message()
        ))
    })
}

fn point(value: i32) -> StreamResponse {
    StreamResponse {
        pt: Some(StreamPoint {
            name: String::new(),
            value,
        }),
    }
}

struct Service(Box<dyn Fn() -> BoxStream<'static, Reply> + Send + Sync>);

#[tonic::async_trait]
impl StreamService for Service {
    type ListStream = BoxStream<'static, Reply>;

    async fn list(&self, _: Request<StreamRequest>) -> Result<Response<Self::ListStream>, Status> {
        Ok(Response::new((self.0)()))
    }

    async fn record(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }

    type RouteStream = BoxStream<'static, Reply>;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
