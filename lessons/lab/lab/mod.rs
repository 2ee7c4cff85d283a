//! The lab: gRPC between named hosts, on a clock that stands still.
//!
//! tonic, hyper and h2 are the real ones. Only the socket is swapped for a pipe in memory, and the
//! clock for tokio's paused one: it moves when nothing else can, to the next timer. One thread, so
//! that the order of events is the same in every run.
//!
//! With one client and one server, hosts need no names:
//!
//! ```
//! use streaming_lab::lab::Lab;
//! use tonic::transport::Server;
//! # let routes = tonic::service::Routes::default();
//!
//! Lab::new().run(async |lab| {
//!     let server = lab.serve(Server::builder().add_routes(routes));
//!     let channel = lab.channel().await?;
//!     // Make calls through the channel; then look at what they left behind.
//!     drop(channel);
//!     server.drain().await;
//!     assert!(lab.open_calls().is_empty());
//!     Ok::<_, tonic::transport::Error>(())
//! })?;
//! # Ok::<_, tonic::transport::Error>(())
//! ```
//!
//! With more of them, each has a [`Host`], and faults are those of the [`Link`] between two:
//!
//! ```
//! use std::sync::Arc;
//! use streaming_lab::lab::Lab;
//! use tonic::transport::Server;
//! # use std::error::Error;
//!
//! Lab::new().run(async |lab| {
//!     for name in ["east", "west"] {
//!         let routes = tonic::service::Routes::default();
//!         lab.start(name, Arc::new(move |host| {
//!             host.serve(Server::builder().layer(host.layer()).add_routes(routes.clone()))
//!         }))?;
//!     }
//!     let ada = lab.host("ada");
//!     let east = ada.channel("east").await?;
//!     ada.link("east").partition();
//!     lab.bounce("west")?;
//!     # drop(east);
//!     Ok::<_, Box<dyn Error>>(())
//! })?;
//! # Ok::<_, Box<dyn Error>>(())
//! ```

mod clock;
mod host;
mod layer;
mod link;
mod listener;
mod meter;
mod network;
mod pipe;
mod server;
mod stall;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Builder;
use tonic::transport::{Channel, Endpoint, Error};

pub use host::{Host, PORT};
pub use layer::ServerLayer;
pub use link::Link;
pub use listener::Listener;
pub use meter::{LeakMeter, MeterLayer, Metered, MeteredBody};
pub use pipe::Pipe;
pub use server::{Serving, Start};
pub use stall::SILENCE;

use crate::run::{Event, HostName, Narration, Note, OpenCall, OpenCalls, UNKNOWN, What};
use crate::wire::{Direction, Speaks, Stream, Traffic};
use clock::Clock;
use network::Network;
use server::Servers;
use stall::Pulse;

/// The name of the client in a lab with one client and one server.
pub const CLIENT: &str = "client";
/// The name of the server in a lab with one client and one server.
pub const SERVER: &str = "server";
/// Called with each event, as it happens.
pub type OnEvent = Arc<dyn Fn(&Event) + Send + Sync>;

/// A place to play gRPC in virtual time. Clones are the same place.
#[derive(Clone)]
pub struct Lab {
    network: Network,
    servers: Servers,
    meter: LeakMeter,
    pulse: Pulse,
    cast: Arc<Mutex<Cast>>,
    clock: Clock,
    on_event: Option<OnEvent>,
}

/// Which hosts there are so far.
#[derive(Default)]
struct Cast {
    hosts: BTreeSet<HostName>,
    servers: BTreeSet<HostName>,
}

impl Default for Lab {
    fn default() -> Self {
        Self::new()
    }
}

impl Lab {
    /// A lab that is not watched.
    #[must_use]
    pub fn new() -> Self {
        Self::with(None)
    }

    /// A lab whose frames and lines are shown to the given listener as they happen.
    pub fn watched(on_event: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self::with(Some(Arc::new(on_event)))
    }

    fn with(on_event: Option<OnEvent>) -> Self {
        let (pulse, clock) = (Pulse::default(), Clock::default());
        let (beat, time, show) = (pulse.clone(), clock.clone(), on_event.clone());
        let network = Network::new(Arc::new(move |connection, frame, lost| {
            beat.beat();
            if let Some(show) = &show {
                show(&time.event(What::Frame {
                    connection: connection.clone(),
                    frame: frame.clone(),
                    lost,
                }));
            }
        }));
        Self {
            network,
            servers: Servers::default(),
            meter: LeakMeter::default(),
            pulse,
            cast: Arc::default(),
            clock,
            on_event,
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
        let lab = self.clone();
        let narration = Narration::new(Arc::new(move |host, text, fields| {
            lab.pulse.beat();
            lab.tell(|| What::Said {
                host: host.cloned().unwrap_or_else(|| lab.lane_without_span()),
                text: text.to_owned(),
                fields,
            });
        }));
        narration.during(|| {
            runtime.block_on(async {
                self.clock.start();
                scene(self.clone()).await
            })
        })
    }

    /// The host of that name.
    #[must_use]
    pub fn host(&self, name: &str) -> Host {
        let name = HostName::from(name);
        lock(&self.cast).hosts.insert(name.clone());
        Host::new(self.clone(), name)
    }

    /// In a lab with one client and one server: connects to the server that listens now.
    ///
    /// # Errors
    /// As [`Host::channel_with`].
    pub async fn channel(&self) -> Result<Channel, Error> {
        self.channel_with(|endpoint| endpoint).await
    }

    /// The same, with settings of the caller's: windows, keepalive, timeouts.
    ///
    /// # Errors
    /// As [`Host::channel_with`].
    pub async fn channel_with(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Error> {
        self.host(CLIENT).channel_with(SERVER, configure).await
    }

    /// The link between two hosts.
    #[must_use]
    pub fn link(&self, one: &str, other: &str) -> Link {
        self.host(one).link(other)
    }

    /// [`Link::partition`], in a lab with one client and one server.
    pub fn partition(&self) {
        self.link(CLIENT, SERVER).partition();
    }

    /// [`Link::cut`], in a lab with one client and one server.
    pub fn cut(&self) {
        self.link(CLIENT, SERVER).cut();
    }

    /// [`Link::repair`], in a lab with one client and one server.
    pub fn repair(&self) {
        self.link(CLIENT, SERVER).repair();
    }

    /// Connections that are accepted from now on speak this, and not HTTP/2: their frames are read by it.
    pub fn speaks(&self, protocol: Speaks) {
        self.network.speaks(protocol);
    }

    /// Tells those who watch something about the run itself.
    pub fn note(&self, note: Note) {
        self.tell(|| What::Note(note));
    }

    /// The leak meter.
    #[must_use]
    pub fn meter(&self) -> &LeakMeter {
        &self.meter
    }

    /// Every call that the wire shows as open.
    #[must_use]
    pub fn open_calls(&self) -> OpenCalls {
        let among_others = lock(&self.cast).hosts.len() > 2;
        OpenCalls(self.network.each_connection(|connection, wire| {
            let open = wire.open().map(|(_, stream)| OpenCall {
                connection: connection.clone(),
                among_others,
                stream: stream.clone(),
            });
            open.collect()
        }))
    }

    /// Every call so far, as the wire shows it, oldest connection first.
    #[must_use]
    pub fn calls(&self) -> Vec<Stream> {
        self.network
            .each_connection(|_, wire| wire.streams().map(|(_, stream)| stream.clone()).collect())
    }

    /// How many bytes each connection may still carry to its client before its client must read: its
    /// window as a whole (RFC 9113, section 5.2), oldest connection first.
    #[must_use]
    pub fn room_to_client(&self) -> Vec<i64> {
        self.network
            .each_connection(|_, wire| vec![wire.connection_window(Direction::ToClient)])
    }

    /// What all connections have carried so far in that direction.
    #[must_use]
    pub fn traffic(&self, direction: Direction) -> Traffic {
        let each = self
            .network
            .each_connection(|_, wire| vec![wire.traffic(direction)]);
        each.into_iter()
            .fold(Traffic::default(), |all, one| all + one)
    }

    fn tell(&self, what: impl FnOnce() -> What) {
        if let Some(on_event) = &self.on_event {
            on_event(&self.clock.event(what()));
        }
    }

    fn is_server(&self, name: &HostName) {
        lock(&self.cast).servers.insert(name.clone());
    }

    /// Whose line it is that was said outside of every host's span: tonic spawns a connection's task
    /// without one, so handlers run in none. With one server it is that server's.
    fn lane_without_span(&self) -> HostName {
        let cast = lock(&self.cast);
        match cast.servers.first() {
            Some(only) if cast.servers.len() == 1 => only.clone(),
            Some(_) => UNKNOWN.into(),
            None => SERVER.into(),
        }
    }
}

/// Nothing that holds these locks can leave them half-changed, so poison means nothing.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
