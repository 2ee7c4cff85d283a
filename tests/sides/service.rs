//! A server that notes what it sees, and ends its streams as it is told.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::proto::stream::{StreamPoint, StreamRequest, StreamResponse};

use super::{Notes, said};

/// How a stream of the server's ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum End {
    Well,
    WithAnError,
    Refused,
    TaskPanics,
    StreamPanics,
    HandlerPanics,
    TooLong,
    Never,
}

pub struct Ends {
    pub notes: Notes,
    pub end: End,
}

/// Serves at the lab's address, with a keepalive.
pub async fn client(lab: &Lab, notes: &Notes, end: End) -> StreamServiceClient<Channel> {
    let ends = Ends {
        notes: notes.clone(),
        end,
    };
    let server = Server::builder()
        .http2_keepalive_interval(Some(Duration::from_secs(10)))
        .http2_keepalive_timeout(Some(Duration::from_secs(5)))
        .add_service(StreamServiceServer::new(ends));
    lab.serve(server);
    let alive = |endpoint: Endpoint| {
        let interval = Duration::from_secs(20);
        endpoint
            .http2_keep_alive_interval(interval)
            .keep_alive_timeout(Duration::from_secs(5))
    };
    let channel = lab
        .channel_with(alive)
        .await
        .expect("the lab's server listens");
    StreamServiceClient::new(channel)
}

/// Notes that something was dropped before it was done.
struct Dropped {
    what: &'static str,
    notes: Notes,
    done: bool,
}

impl Drop for Dropped {
    fn drop(&mut self) {
        if !self.done {
            self.notes.add(format!("the {} is dropped", self.what));
        }
    }
}

impl Ends {
    fn watch(&self, what: &'static str) -> Dropped {
        let notes = self.notes.clone();
        Dropped {
            what,
            notes,
            done: false,
        }
    }
}

#[tonic::async_trait]
impl StreamService for Ends {
    /// Reads to the end, thinks for a second, and answers.
    async fn record(
        &self,
        request: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        let mut handler = self.watch("handler");
        let mut messages = request.into_inner();
        loop {
            let read = messages.message().await;
            if !matches!(read, Ok(Some(_))) {
                self.notes.add(said(&read));
                break;
            }
        }
        sleep(Duration::from_secs(1)).await;
        handler.done = true;
        Ok(Response::new(StreamResponse::default()))
    }

    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(&self, _: Request<StreamRequest>) -> Result<Response<Self::ListStream>, Status> {
        let numbers = stream::iter(1..=3).map(|value| Ok(number(value, "")));
        let end = self.end;
        match end {
            End::Refused => return Err(Status::not_found("no such list")),
            End::HandlerPanics => std::panic::resume_unwind(Box::new("the handler is broken")),
            End::TaskPanics => {
                let (items, taken) = mpsc::channel(1);
                tokio::spawn(async move {
                    let _ = items.send(Ok(number(1, ""))).await;
                    std::panic::resume_unwind(Box::new("the task is broken"))
                });
                return Ok(Response::new(ReceiverStream::new(taken).boxed()));
            }
            _ => {}
        }
        let last = stream::once(async move {
            // So that the numbers are on their way.
            sleep(Duration::from_secs(1)).await;
            match end {
                End::Never => std::future::pending().await,
                End::WithAnError => Err(Status::data_loss("the rest is lost")),
                End::TooLong => Ok(number(4, &"x".repeat(4 * 1024 * 1024))),
                End::StreamPanics => std::panic::resume_unwind(Box::new("the stream is broken")),
                _ => Ok(number(4, "")),
            }
        });
        let watched = self.watch("response stream");
        let all = numbers.chain(last).map(move |item| {
            let _watched = &watched;
            item
        });
        Ok(Response::new(all.boxed()))
    }

    type RouteStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Self::RouteStream>, Status> {
        Err(Status::unimplemented("not part of this"))
    }
}

fn number(value: i32, name: &str) -> StreamResponse {
    let name = name.to_owned();
    StreamResponse {
        pt: Some(StreamPoint { name, value }),
    }
}
