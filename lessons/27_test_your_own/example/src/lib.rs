//! A service that streams ticks, with heartbeats and a limit, for the tests in `tests/ticks.rs`.

use std::time::Duration;

use futures::StreamExt as _;
use futures::future::ready;
use futures::stream::{self, BoxStream};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until, timeout};
use tonic::{Request, Response, Status};

/// Generated from `proto/ticks/v1/ticks.proto`.
#[allow(missing_docs, clippy::all, reason = "generated")]
pub mod proto {
    tonic::include_proto!("ticks.v1");
}

use proto::tick_service_server::TickService;
use proto::{WatchRequest, WatchResponse};

/// How long a stream is silent at most: shorter than the idle limits of the usual proxies, which begin
/// at 60 s.
pub const HEARTBEAT: Duration = Duration::from_secs(10);

/// The service. Its source of ticks and its limit come from outside, so that a test can bring its own.
pub struct Ticks {
    source: broadcast::Sender<u64>,
    longest: Duration,
}

impl Ticks {
    /// Streams what `source` sends, for `longest` at most.
    #[must_use]
    pub fn new(source: broadcast::Sender<u64>, longest: Duration) -> Self {
        Self { source, longest }
    }
}

#[tonic::async_trait]
impl TickService for Ticks {
    type WatchStream = BoxStream<'static, Result<WatchResponse, Status>>;

    async fn watch(
        &self,
        _request: Request<WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let ticks = stream::unfold(self.source.subscribe(), async |mut ticks| {
            let item = next(&mut ticks).await.transpose()?;
            Some((item, ticks))
        });
        let end = Instant::now() + self.longest;
        // hyper does not poll this stream while the client has no room, so a client that does not read
        // is told only when it reads again.
        let too_long = stream::once(sleep_until(end)).map(|()| {
            Err(Status::deadline_exceeded(
                "the stream has lasted long enough",
            ))
        });
        let all = stream::select_with_strategy(
            too_long.map(Some),
            ticks.map(Some).chain(stream::iter([None])),
            |_: &mut ()| stream::PollNext::Left,
        );
        // An error is the end, and so is the end of the source.
        let all = all.take_while(|item| ready(item.is_some()));
        Ok(Response::new(all.filter_map(ready).boxed()))
    }
}

/// The next tick, or a heartbeat. `None` when the source has ended.
async fn next(ticks: &mut broadcast::Receiver<u64>) -> Result<Option<WatchResponse>, Status> {
    match timeout(HEARTBEAT, ticks.recv()).await {
        Ok(Ok(number)) => Ok(Some(WatchResponse {
            number: Some(number),
        })),
        Ok(Err(RecvError::Closed)) => Ok(None),
        Ok(Err(RecvError::Lagged(missing))) => {
            Err(Status::data_loss(format!("{missing} ticks are missing")))
        }
        Err(_) => Ok(Some(WatchResponse { number: None })),
    }
}
