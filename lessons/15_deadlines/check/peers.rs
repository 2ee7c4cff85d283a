//! The peer of the exercise: a server with a script, which records what it sends and when its call ends.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::FutureExt as _;
use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::{Instant, advance, sleep};
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Drops, Finding, Verdict, ensure, within};
use workbook::lab::Lab;
use workbook::proto::stream::stream_service_server::{StreamService, StreamServiceServer};
use workbook::proto::stream::{StreamRequest, StreamResponse};

use super::answers::Answers;
use super::listed::{Listed, Timed};
use super::{DAY, Subject};

/// A server, and the exercise as its client.
pub struct Lister {
    list: Subject,
    limits: (Duration, Duration),
    showing_takes: Duration,
    channel: Channel,
    peer: Peer,
}

impl Lister {
    pub async fn new(
        lab: &Lab,
        list: Subject,
        limits: (Duration, Duration),
    ) -> Result<Self, Finding> {
        let peer = Peer::default();
        let service = StreamServiceServer::new(peer.clone());
        lab.serve(
            Server::builder()
                .layer(lab.meter().layer())
                .add_service(service),
        );
        Ok(Self {
            list,
            limits,
            showing_takes: Duration::ZERO,
            channel: lab.channel().await?,
            peer,
        })
    }

    /// The same with a `show` that takes so long.
    pub fn showing_takes(self, showing_takes: Duration) -> Self {
        Self {
            showing_takes,
            ..self
        }
    }

    /// Runs the exercise against a server that answers like this.
    pub async fn lists(&self, answers: impl Into<Answers>) -> Result<Listed, Finding> {
        *self.peer.call() = Call {
            answers: answers.into(),
            ..Call::default()
        };
        let start = Instant::now();
        let shown = Arc::<Mutex<Vec<Timed>>>::default();
        let (record, takes) = (Arc::clone(&shown), self.showing_takes);
        let show = move |value| {
            lock(&record).push((value, start.elapsed()));
            if !takes.is_zero() {
                // Moves the clock at its first poll, as if this had computed for so long.
                let _ = advance(takes).now_or_never();
            }
        };
        let channel = self.channel.clone();
        let listing = (self.list)(
            channel,
            StreamRequest::default(),
            self.limits,
            Box::new(show),
        );
        let result = within(DAY * 10, "it had not returned", listing).await?;
        let took = start.elapsed();
        let Call { told, sent, .. } = self.peer.call().clone();
        let sent = sent
            .into_iter()
            .map(|(value, at)| (value, at - start))
            .collect();
        Ok(Listed {
            result,
            took,
            told,
            sent,
            shown: lock(&shown).clone(),
        })
    }

    /// Expects the server's call to have ended.
    pub fn has_stopped(&self) -> Verdict {
        ensure(self.peer.calls.alive() == 0, || "the server went on")
    }
}

/// A server that answers as its script says, and records the last call.
#[derive(Clone, Default)]
struct Peer {
    call: Arc<Mutex<Call>>,
    calls: Drops,
}

#[derive(Clone, Default)]
struct Call {
    answers: Answers,
    /// The request's `grpc-timeout`.
    told: Option<String>,
    sent: Vec<(i32, Instant)>,
}

impl Peer {
    fn call(&self) -> MutexGuard<'_, Call> {
        lock(&self.call)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing that holds these locks can leave the values half-changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[tonic::async_trait]
impl StreamService for Peer {
    type ListStream = BoxStream<'static, Result<StreamResponse, Status>>;

    async fn list(
        &self,
        request: Request<StreamRequest>,
    ) -> Result<Response<Self::ListStream>, Status> {
        let open = self.calls.guard();
        let told = request.metadata().get("grpc-timeout");
        let told = told
            .and_then(|told| told.to_str().ok())
            .map(ToOwned::to_owned);
        self.call().told = told;
        let Answers { after, with } = self.call().answers.clone();
        if !after.is_zero() {
            sleep(after).await;
        }
        let call = Arc::clone(&self.call);
        let sent = with?.responses().inspect(move |item| {
            let _open = &open;
            if let Ok(StreamResponse { pt: Some(point) }) = item {
                lock(&call).sent.push((point.value, Instant::now()));
            }
        });
        Ok(Response::new(sent.boxed()))
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
