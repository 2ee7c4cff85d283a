//! The servers of the check: one around the exercise's stream, and a plain one.

use std::sync::{Arc, Mutex, PoisonError};

use futures::stream::StreamExt as _;
use tokio::task;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Finding, Script};
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::proto::stream::{StreamRequest, StreamResponse};

use super::producer::{Producer, Seen, number};
use super::replies::Call;
use super::{Replies, Subject};

/// A server that streams what the exercise makes of a producer, or a plain script; and a client.
pub struct Numbers {
    subject: Subject,
    next: Next,
    client: StreamServiceClient<Channel>,
}

/// The responses of the next call. A function makes them, so that the exercise runs in the handler.
type Next = Arc<Mutex<Option<Box<dyn FnOnce() -> Replies + Send>>>>;

impl Numbers {
    pub async fn open(lab: &Lab, subject: Subject) -> Result<Self, Finding> {
        let next = Next::default();
        let service = StreamServiceServer::new(Service(Arc::clone(&next)));
        lab.serve(
            Server::builder()
                .layer(lab.meter().layer())
                .add_service(service),
        );
        let client = StreamServiceClient::new(lab.channel().await?);
        Ok(Self {
            subject,
            next,
            client,
        })
    }

    /// A call whose replies the exercise streams from this producer.
    pub async fn call(&self, producer: Producer) -> Result<Call, Finding> {
        let seen = Seen::default();
        let (supervised, of_task) = (self.subject.supervised, seen.clone());
        let replies = move || {
            let _ = of_task.handler.set(task::try_id());
            supervised(Box::new(|replies| Box::pin(producer.run(replies, of_task))))
        };
        let replies = self.list(replies).await?;
        Ok(Call { replies, seen })
    }

    /// A call whose replies are those of the script.
    pub async fn plain(&self, script: Script<i32>) -> Result<Streaming<StreamResponse>, Finding> {
        let replies = move || script.responses().map(|item| item.map(number)).boxed();
        self.list(replies).await
    }

    async fn list(
        &self,
        replies: impl FnOnce() -> Replies + Send + 'static,
    ) -> Result<Streaming<StreamResponse>, Finding> {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(replies));
        let answer = self.client.clone().list(StreamRequest::default()).await;
        Ok(answer?.into_inner())
    }
}

struct Service(Next);

#[tonic::async_trait]
impl StreamService for Service {
    type ListStream = Replies;

    async fn list(&self, _: Request<StreamRequest>) -> Result<Response<Replies>, Status> {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let replies = next.ok_or_else(|| Status::failed_precondition("no call is due"))?;
        Ok(Response::new(replies()))
    }

    async fn record(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<StreamResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }

    type RouteStream = Replies;

    async fn route(
        &self,
        _: Request<Streaming<StreamRequest>>,
    ) -> Result<Response<Replies>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
