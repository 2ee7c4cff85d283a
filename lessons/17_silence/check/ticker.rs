//! The scripted server of the exercise.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, sleep};
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status, Streaming};
use workbook::grade::{Drops, Finding, Script};
use workbook::lab::Lab;
use workbook::proto::stocks::quote_service_server::{QuoteService, QuoteServiceServer};
use workbook::proto::stocks::watch_request::Kind;
use workbook::proto::stocks::{PublishResponse, StockPrice, WatchRequest, WatchResponse};

/// A server of `Watch` that does what it is told, and records what it receives. A clone is the same
/// server.
#[derive(Clone)]
pub struct Ticker {
    says: Script<WatchResponse>,
    answers_after: Duration,
    refuses: Option<Status>,
    reads_after: Duration,
    window: Option<u32>,
    received: Arc<Mutex<Vec<(Instant, WatchRequest)>>>,
    calls: Drops,
}

impl Ticker {
    /// Reads the first message, answers, and says this.
    pub fn new(says: Script<WatchResponse>) -> Self {
        Self {
            says,
            answers_after: Duration::ZERO,
            refuses: None,
            reads_after: Duration::ZERO,
            window: None,
            received: Arc::default(),
            calls: Drops::new(),
        }
    }

    /// Takes so long for its answer.
    pub fn answers_after(self, answers_after: Duration) -> Self {
        Self {
            answers_after,
            ..self
        }
    }

    /// Fails with this instead of answering.
    pub fn refuses(self, status: Status) -> Self {
        Self {
            refuses: Some(status),
            ..self
        }
    }

    /// Reads only the first message until then, and lets its client send so many bytes meanwhile.
    pub fn reads_after(self, reads_after: Duration, window: u32) -> Self {
        Self {
            reads_after,
            window: Some(window),
            ..self
        }
    }

    /// Serves, and connects a client. A first call is over, so that the connection's own tasks run.
    pub async fn meet(&self, lab: &Lab) -> Result<Channel, Finding> {
        let server = Server::builder()
            .layer(lab.meter().layer())
            .initial_stream_window_size(self.window)
            .add_service(QuoteServiceServer::new(self.clone()));
        lab.serve(server);
        let channel = lab.channel().await?;
        let mut client =
            workbook::proto::stocks::quote_service_client::QuoteServiceClient::new(channel.clone());
        client.publish(stream::empty()).await?;
        Ok(channel)
    }

    /// The calls of `Watch`: how many have not ended.
    pub fn calls(&self) -> &Drops {
        &self.calls
    }

    /// The first message.
    pub fn first(&self) -> Option<WatchRequest> {
        self.with_received(|received| received.first().map(|(_, request)| request.clone()))
    }

    /// When each heartbeat arrived.
    pub fn heartbeats(&self) -> Vec<Instant> {
        let is_heartbeat = |(at, request): &(Instant, WatchRequest)| {
            matches!(request.kind, Some(Kind::Heartbeat(_))).then_some(*at)
        };
        self.with_received(|received| received.iter().filter_map(is_heartbeat).collect())
    }

    /// When each message arrived.
    pub fn arrivals(&self) -> Vec<Instant> {
        self.with_received(|received| received.iter().map(|(at, _)| *at).collect())
    }

    fn with_received<T>(&self, act: impl FnOnce(&mut Vec<(Instant, WatchRequest)>) -> T) -> T {
        // A push or a clone that panics leaves the list as it was.
        act(&mut self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn reads(&self, requests: &mut Streaming<WatchRequest>) -> Result<bool, Status> {
        let Some(request) = requests.message().await? else {
            return Ok(false);
        };
        self.with_received(|received| received.push((Instant::now(), request)));
        Ok(true)
    }
}

#[tonic::async_trait]
impl QuoteService for Ticker {
    type WatchStream = BoxStream<'static, Result<WatchResponse, Status>>;

    async fn watch(
        &self,
        request: Request<Streaming<WatchRequest>>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let call = self.calls.guard();
        let mut requests = request.into_inner();
        if !self.reads(&mut requests).await? {
            return Err(Status::invalid_argument("the client half-closed at once"));
        }
        let answers_after = sleep(self.answers_after);
        tokio::pin!(answers_after);
        loop {
            tokio::select! {
                biased;
                () = &mut answers_after => break,
                read = self.reads(&mut requests) => if !read? {
                    return Err(Status::invalid_argument("the client half-closed"));
                },
            }
        }
        if let Some(status) = self.refuses.clone() {
            return Err(status);
        }
        let ticker = self.clone();
        let reads = async move {
            sleep(ticker.reads_after).await;
            while let Ok(true) = ticker.reads(&mut requests).await {}
            std::future::pending().await
        };
        // Polled beside what it says, and never an item of its own.
        let reads = stream::once(reads).boxed();
        let says = self.says.clone().responses().map(Some);
        let says = says.chain(stream::iter([None]));
        let both = stream::select(says, reads.map(Some));
        let items = both
            .take_while(|item| std::future::ready(item.is_some()))
            .filter_map(std::future::ready);
        let counted = items.inspect(move |_| {
            let _call = &call;
        });
        Ok(Response::new(counted.boxed()))
    }

    async fn publish(
        &self,
        _: Request<Streaming<StockPrice>>,
    ) -> Result<Response<PublishResponse>, Status> {
        Ok(Response::new(PublishResponse::default()))
    }
}
