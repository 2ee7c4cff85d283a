//! A server that ends in order: health, listener, streams, deadline.
//!
//! Needs nothing else of this library: copy the file, and `graceful/signals.rs` for the operating
//! system's signals. `lesson19` plays it, and every lesson's `serve` ends with it.

mod signals;

use std::time::Duration;

use futures::stream::{self, BoxStream, Stream, StreamExt as _};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Status, transport};
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tracing::info;

pub use signals::ShutdownSignals;

// ANCHOR: shutdown
/// What a server's listener and its handlers know of its end. Clones are of the same server.
#[derive(Debug, Clone, Default)]
pub struct Shutdown {
    closed: CancellationToken,
    told: CancellationToken,
}

impl Shutdown {
    /// Resolves when no more connections are accepted: the signal for `serve_with_incoming_shutdown`.
    pub fn closed(&self) -> WaitForCancellationFutureOwned {
        self.closed.clone().cancelled_owned()
    }

    /// Resolves when calls that would go on have to end: for handlers that read a stream.
    pub fn told(&self) -> WaitForCancellationFutureOwned {
        self.told.clone().cancelled_owned()
    }

    /// No more connections, from now on.
    pub fn close(&self) {
        self.closed.cancel();
    }

    /// Calls that would go on have to end, from now on.
    pub fn tell(&self) {
        self.told.cancel();
    }

    /// The status with which they end: the code that makes a client try elsewhere.
    #[must_use]
    pub fn status() -> Status {
        Status::unavailable("the server is shutting down")
    }

    /// A response stream that ends with this status when it is told.
    ///
    /// It is told when it is polled, so a client that does not read is not.
    pub fn ends<T: Send + 'static>(
        &self,
        items: impl Stream<Item = Result<T, Status>> + Send + 'static,
    ) -> BoxStream<'static, Result<T, Status>> {
        let state = (items.boxed(), Box::pin(self.told()));
        stream::unfold(Some(state), async |state| {
            let (mut items, mut told) = state?;
            tokio::select! {
                // First, because a stream that always has an item would never be told.
                biased;
                () = &mut told => Some((Err(Self::status()), None)),
                item = items.next() => Some((item?, Some((items, told)))),
            }
        })
        .boxed()
    }
}
// ANCHOR_END: shutdown

// ANCHOR: graceful
/// The steps of an orderly end, and how long they take.
#[derive(Debug, Clone)]
pub struct Graceful {
    /// What its listener and its handlers know.
    pub shutdown: Shutdown,
    /// What load balancers ask …
    pub health: HealthReporter,
    /// … and the services that they ask about.
    pub services: &'static [&'static str],
    /// From NOT_SERVING until no more connections are accepted: as long as load balancers need to see
    /// it. Zero where there is none.
    pub notice: Duration,
    /// From then on, how long calls may go on.
    pub deadline: Duration,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The last call has ended.
    Drained,
    /// The deadline has passed. Connections are still open, and only the end of the process closes them.
    Late,
}

/// GOAWAY first, so that a client whose stream ends knows already that it must go elsewhere. In one
/// instant their order would be chance: tonic's connections wait for both in an unbiased `select!`.
const GOAWAY_FIRST: Duration = Duration::from_millis(1);

impl Graceful {
    /// Serves until the signal, and then ends in order. `serving` is the future of
    /// `serve_with_incoming_shutdown(…, shutdown.closed())`. End the process when this returns.
    ///
    /// # Errors
    /// As `serving`.
    pub async fn run(
        mut self,
        serving: impl Future<Output = Result<(), transport::Error>>,
        signal: impl Future<Output = ()>,
    ) -> Result<End, transport::Error> {
        let steps = async {
            signal.await;
            self.reports_not_serving().await;
            sleep(self.notice).await;
            info!(step = "goaway", "accepts no more: GOAWAY");
            self.shutdown.close();
            sleep(GOAWAY_FIRST).await;
            info!(step = "told", "tells the streams");
            self.shutdown.tell();
            self.ends_health_streams().await;
            sleep(self.deadline).await;
        };
        tokio::select! {
            biased;
            served = serving => served.map(|()| End::Drained),
            () = steps => Ok(End::Late),
        }
    }

    async fn reports_not_serving(&self) {
        info!(step = "not_serving", "NOT_SERVING");
        // The empty name is the server as a whole.
        for service in [""].iter().chain(self.services) {
            let status = ServingStatus::NotServing;
            self.health.set_service_status(service, status).await;
        }
    }

    /// A client that watches the health of a service has a stream open, too.
    async fn ends_health_streams(&mut self) {
        for service in [""].iter().chain(self.services) {
            self.health.clear_service_status(service).await;
        }
    }
}
// ANCHOR_END: graceful
