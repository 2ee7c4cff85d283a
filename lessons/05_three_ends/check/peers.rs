//! The peers of the exercise: a server around its stream, a plain server, and a client.

use std::ops::RangeInclusive;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use futures::stream::StreamExt as _;
use tokio::task;
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Finding, Script, Verdict, count, ensure, within};
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_client::StreamServiceClient;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::proto::stream::{StreamRequest, StreamResponse};

use super::producer::{Producer, Seen, number};
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

/// The first call to a server of its own.
pub async fn call(lab: &Lab, subject: Subject, producer: Producer) -> Result<Call, Finding> {
    Numbers::open(lab, subject).await?.call(producer).await
}

/// The same, read to its end.
pub async fn read(lab: &Lab, subject: Subject, producer: Producer) -> Result<Read, Finding> {
    call(lab, subject, producer).await?.read().await
}

/// A call whose replies come from a producer.
pub struct Call {
    replies: Streaming<StreamResponse>,
    seen: Seen,
}

/// What a client has read.
pub struct Read {
    pub values: Vec<i32>,
    pub end: Result<(), Status>,
    /// How many values the producer had put into the queue without waiting.
    pub filled: i32,
}

impl Call {
    /// Expects this value next, so long from now.
    pub async fn brings(&mut self, value: i32, due: Duration) -> Verdict {
        let late = format!("value {value} had not come");
        let reply = within(due + Duration::from_secs(1), &late, self.replies.message()).await??;
        let came = reply.map(|reply| reply.pt.unwrap_or_default().value);
        ensure(came == Some(value), || match came {
            Some(other) => format!("value {other} came instead of {value}"),
            None => format!("the stream ended instead of bringing value {value}"),
        })
    }

    /// Reads to the end, of whatever kind it is.
    pub async fn read(mut self) -> Result<Read, Finding> {
        const LONG: Duration = Duration::from_secs(10 * 60);
        let mut values = Vec::new();
        let read = async {
            while let Some(reply) = self.replies.message().await? {
                values.push(reply.pt.unwrap_or_default().value);
            }
            Ok(())
        };
        let end = within(LONG, "the stream had not ended", read).await?;
        let filled = self.seen.filled.load(Ordering::Relaxed);
        Ok(Read {
            values,
            end,
            filled,
        })
    }

    /// Expects the producer to run in a task that is not the handler's, where this check runs.
    pub fn ran_in_a_task(&self) -> Verdict {
        ensure(
            self.seen.thread.get() == Some(&thread::current().id()),
            || "the producer ran in a thread of its own",
        )?;
        ensure(
            self.seen.task.get() != self.seen.handler.get(),
            || "the producer ran in the task that serves the call",
        )
    }

    /// Cancels the call.
    pub fn cancel(self) -> Gone {
        Gone(self.seen)
    }
}

/// The producer of a call that its client has cancelled.
pub struct Gone(Seen);

impl Gone {
    pub fn has_ended(&self) -> Verdict {
        count(self.0.running.alive(), "producers still running").is(0)
    }
}

impl Read {
    /// Expects these values, and nothing else before the end.
    pub fn brought(&self, expected: RangeInclusive<i32>) -> Verdict {
        let expected: Vec<i32> = expected.collect();
        ensure(self.values == expected, || {
            let (came, sent) = (self.values.len(), expected.len());
            match self
                .values
                .iter()
                .zip(&expected)
                .find(|(got, due)| got != due)
            {
                Some((got, due)) => format!("value {got} came instead of {due}"),
                None => format!("values that came: {came} instead of {sent}"),
            }
        })
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
