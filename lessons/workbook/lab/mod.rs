//! The lab: a whole gRPC connection on a clock that stands still.
//!
//! tonic, hyper and h2 are the real ones. Only the socket is swapped for a pipe in memory, and the
//! clock for tokio's paused one: it moves when nothing else can, to the next timer. One thread, so
//! that the order of events is the same in every run.
//!
//! ```
//! use tonic::transport::Server;
//! use workbook::lab::Lab;
//! # let routes = tonic::service::Routes::default();
//!
//! Lab::new().run(async |lab| {
//!     let server = lab.serve(Server::builder().add_routes(routes));
//!     let channel = lab.channel().await?;
//!     // Make calls through the channel; then look at what they left behind.
//!     drop(channel);
//!     server.drain().await;
//!     assert_eq!(lab.open_calls(), Vec::<String>::new());
//!     Ok::<_, tonic::transport::Error>(())
//! })?;
//! # Ok::<_, tonic::transport::Error>(())
//! ```

mod bell;
mod link;
mod meter;
mod network;
mod server;
#[cfg(test)]
mod tests;

use std::sync::{Arc, PoisonError};

use tokio::runtime::Builder;
use tonic::transport::{Channel, Endpoint, Error};

pub use bell::{SILENCE, Silence};
pub use link::Pipe;
pub use meter::{Census, LeakMeter, MeterLayer, Metered, MeteredBody};
pub use server::Serving;

use crate::transcript::{Lane, Narrator, OnLine};
use crate::wire::Frame;
use bell::Pulse;
use network::Network;

/// A place to play gRPC in virtual time. Clones are the same place.
#[derive(Clone)]
pub struct Lab {
    network: Network,
    meter: LeakMeter,
    pulse: Pulse,
    on_line: OnLine,
}

impl Default for Lab {
    fn default() -> Self {
        Self::new()
    }
}

impl Lab {
    /// A lab that nobody watches.
    #[must_use]
    pub fn new() -> Self {
        Self::watched(|_| {}, |_, _| {})
    }

    /// A lab whose frames and narration are shown to the given listeners as they happen.
    pub fn watched(
        on_frame: impl Fn(&Frame) + Send + Sync + 'static,
        on_line: impl Fn(Lane, &str) + Send + Sync + 'static,
    ) -> Self {
        let pulse = Pulse::default();
        let beat = pulse.clone();
        let network = Network::new(Arc::new(move |frame| {
            beat.beat();
            on_frame(frame);
        }));
        Self {
            network,
            meter: LeakMeter::default(),
            pulse,
            on_line: Arc::new(on_line),
        }
    }

    /// Plays `scene` on one thread and a paused clock, and returns what it returns.
    ///
    /// # Panics
    /// When the operating system refuses a runtime, or the lab runs inside another one.
    pub fn run<T>(&self, scene: impl AsyncFnOnce(Lab) -> T) -> T {
        let runtime = Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime without sockets needs nothing that the system could refuse");
        let (beat, on_line) = (self.pulse.clone(), Arc::clone(&self.on_line));
        let narrator = Narrator::new(move |lane, text| {
            beat.beat();
            on_line(lane, text);
        });
        narrator.during(|| runtime.block_on(scene(self.clone())))
    }

    /// Connects to the server that listens now.
    ///
    /// # Errors
    /// As a real connect: when nobody listens, the source is an `io::Error` of kind
    /// `ConnectionRefused`.
    pub async fn channel(&self) -> Result<Channel, Error> {
        self.network.channel(|endpoint| endpoint).await
    }

    /// The same, with settings of the caller's: windows, keepalive, timeouts.
    ///
    /// # Errors
    /// As [`Lab::channel`].
    pub async fn channel_with(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Error> {
        self.network.channel(configure).await
    }

    /// Fault: every present connection swallows what is sent and delivers nothing, in silence.
    pub fn black_hole(&self) {
        self.network.faults().black_hole();
    }

    /// Fault: every present connection breaks; both ends get an error.
    pub fn cut(&self) {
        self.network.faults().cut();
        self.network.heal();
    }

    /// Connections made from now on are sound; those in a black hole stay there.
    pub fn heal(&self) {
        self.network.heal();
    }

    /// The leak meter.
    #[must_use]
    pub fn meter(&self) -> &LeakMeter {
        &self.meter
    }

    /// Every call that the wire shows as open: its path, and what has been sent on it.
    #[must_use]
    pub fn open_calls(&self) -> Vec<String> {
        self.each_connection(|connection| {
            connection
                .open()
                .map(|(_, stream)| format!("{}: {stream}", stream.path.trim_start_matches('/')))
                .collect()
        })
    }

    /// Every call so far, as the wire shows it, oldest connection first.
    #[must_use]
    pub fn calls(&self) -> Vec<crate::wire::Stream> {
        self.each_connection(|connection| {
            connection
                .streams()
                .map(|(_, stream)| stream.clone())
                .collect()
        })
    }

    /// How many bytes each connection may still carry to its client before somebody reads there:
    /// its window as a whole (RFC 9113, section 5.2), oldest connection first.
    #[must_use]
    pub fn room_to_client(&self) -> Vec<i64> {
        self.each_connection(|connection| {
            vec![connection.connection_window(crate::wire::Direction::ToClient)]
        })
    }

    fn each_connection<T>(&self, look: impl Fn(&crate::wire::Connection) -> Vec<T>) -> Vec<T> {
        self.network
            .witnesses()
            .iter()
            .flat_map(|witness| {
                look(
                    witness
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .connection(),
                )
            })
            .collect()
    }
}
