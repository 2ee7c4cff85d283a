//! A scene: its cast, and how it is played and shown.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::server::Router;
use tonic_health::server::HealthReporter;
use tower::layer::util::{Identity, Stack};

use super::Outcome;
use super::network::{Listener, Network};
use super::standard_services::{Services, with_standard_services};
use super::tcp::{Incoming, Signal};
use crate::graceful::Graceful;
use crate::lab::{self, CLIENT, MeterLayer, SERVER, SILENCE, ServerLayer, Start};
use crate::run::{Host, Role, SceneHead};
use crate::wire::Speaks;

/// A router whose server says in its own lane what its handlers say:
/// `Server::builder().layer(network.layer())`. A scene with one server can do without.
pub type HostRouter = Router<Stack<MeterLayer, Identity>>;

/// How long open calls may go on after Ctrl-C. tonic itself would wait for ever
/// (grpc/grpc-rust#1820).
pub(super) const DRAIN: Duration = Duration::from_secs(5);

type Play<T> = Pin<Box<dyn Future<Output = T>>>;

/// How a scene behaves over TCP and the real clock (`--live`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Live {
    /// The same events in the same order in each lane.
    Same,
    /// The same, up to the given time; the scene is cut there.
    CutAfter(Duration),
    /// Not at all, for the given reason.
    LabOnly(&'static str),
}

/// One scene: named hosts, and what each of them does.
pub struct Scene {
    pub(super) head: SceneHead,
    pub(super) programs: Vec<Program>,
    pub(super) live: Live,
    pub(super) silence: Duration,
    pub(super) for_any_server: bool,
    /// What its connections speak, if it is not HTTP/2: its lesson's.
    pub(super) speaks: Option<Speaks>,
}

/// What a host does.
pub(super) enum Program {
    Client(Client),
    Server(Server),
}

/// A host that opens calls.
pub(super) struct Client {
    pub host: String,
    pub play: Box<dyn Fn(Network) -> Play<Outcome>>,
}

/// A host that listens.
#[derive(Clone)]
pub(super) struct Server {
    pub host: String,
    /// Whether it can be served alone, for grpcurl: a relay cannot.
    pub speaks_grpc: bool,
    pub in_lab: Start,
    pub over_tcp: OverTcp,
}

/// Serves the connections until the signal, with reflection and health for the named services, if
/// any; the future ends when the last call has.
pub(super) type OverTcp = Arc<
    dyn Fn(Network, Incoming, Signal, Services) -> Pin<Box<dyn Future<Output = Outcome> + Send>>
        + Send
        + Sync,
>;

impl Scene {
    /// A scene with a cast of its own: add hosts. It plays the same live, and prints all that is said.
    ///
    /// ```
    /// # use tonic::transport::{Server, server::Router};
    /// # use workbook::{Network, Outcome, Scene};
    /// # fn exchange() -> Router { Server::builder().add_routes(tonic::service::Routes::default()) }
    /// # async fn subscriber(_: Network) -> Outcome { Ok(()) }
    /// # async fn late_subscriber(_: Network) -> Outcome { Ok(()) }
    /// Scene::with_cast("lag", "one of two subscribers reads late")
    ///     .client("fast", subscriber)
    ///     .client("slow", late_subscriber)
    ///     .server("exchange", exchange)
    /// # ;
    /// ```
    #[must_use]
    pub fn with_cast(name: &'static str, title: &'static str) -> Self {
        Self {
            head: SceneHead {
                name: name.to_owned(),
                title: title.to_owned(),
                hosts: Vec::new(),
                elide_after: None,
                shows_opening: false,
            },
            programs: Vec::new(),
            live: Live::Same,
            silence: SILENCE,
            for_any_server: false,
            speaks: None,
        }
    }

    /// A scene with one server and one client: the hosts `server` and `client`.
    pub fn new<F>(
        name: &'static str,
        title: &'static str,
        server: fn() -> Router,
        client: fn(Network) -> F,
    ) -> Self
    where
        F: Future<Output = Outcome> + 'static,
    {
        Self::with_cast(name, title)
            .client(CLIENT, client)
            .server(SERVER, server)
    }

    /// Adds a host that opens calls. Clients begin together, in the order in which they are added.
    #[must_use]
    pub fn client<F>(
        mut self,
        host: impl Into<String>,
        play: impl Fn(Network) -> F + 'static,
    ) -> Self
    where
        F: Future<Output = Outcome> + 'static,
    {
        let host = host.into();
        self.joins(&host, Role::Client);
        let play = Box::new(move |network| -> Play<Outcome> { Box::pin(play(network)) });
        self.programs.push(Program::Client(Client { host, play }));
        self
    }

    /// Adds a server, which listens at `http://HOST:50051` before any client begins.
    #[must_use]
    pub fn server(self, host: impl Into<String>, router: fn() -> Router) -> Self {
        self.server_at(host, move |_| router())
    }

    /// Adds a server that is told which host it is: for scenes with several of them. Its router has
    /// [`Network::layer`], so that its handlers' lines stand in its own lane.
    #[must_use]
    pub fn server_at<L: ServerLayer>(
        mut self,
        host: impl Into<String>,
        router: impl Fn(&Network) -> Router<L> + Send + Sync + 'static,
    ) -> Self {
        let server = Server::new(host.into(), router);
        self.joins(&server.host, Role::Server);
        self.programs.push(Program::Server(server));
        self
    }

    /// Adds a host that speaks bytes on both sides: it accepts connections, and opens others.
    #[must_use]
    pub fn relay<F>(mut self, host: impl Into<String>, relay: fn(Network, Listener) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let server = Server::relay(host.into(), relay);
        self.joins(&server.host, Role::Relay);
        self.programs.push(Program::Server(server));
        self
    }

    /// Adds a server that is a program of its own: it accepts its connections, and it ends when it wants
    /// to, or is asked to by the signal, which comes when the scene is over. In the lab its process ends
    /// when it returns: its connections break. Its router has [`Network::layer`].
    #[must_use]
    pub fn program<F>(
        mut self,
        host: impl Into<String>,
        program: impl Fn(Network, Listener, Signal) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let server = Server::program(host.into(), program);
        self.joins(&server.host, Role::Server);
        self.programs.push(Program::Server(server));
        self
    }

    /// Says how the scene behaves live.
    #[must_use]
    pub fn live(mut self, live: Live) -> Self {
        self.live = live;
        self
    }

    /// How long nothing has to happen before the scene is ended as stalled; an hour unless it says so.
    #[must_use]
    pub fn silence(mut self, silence: Duration) -> Self {
        self.silence = silence;
        self
    }

    /// Prints lines that differ only in their numbers this often, and counts them from then on.
    #[must_use]
    pub fn elide_after(mut self, lines: usize) -> Self {
        self.head.elide_after = Some(lines);
        self
    }

    /// Shows, with `--wire`, how the connection itself is opened; other scenes leave that out.
    #[must_use]
    pub fn shows_opening(mut self) -> Self {
        self.head.shows_opening = true;
        self
    }

    /// The clients work against any servers of these services: `connect` plays them.
    #[must_use]
    pub fn for_any_server(mut self) -> Self {
        self.for_any_server = true;
        self
    }

    pub(super) fn name(&self) -> &str {
        &self.head.name
    }

    pub(super) fn clients(&self) -> impl Iterator<Item = &Client> {
        self.programs.iter().filter_map(|program| match program {
            Program::Client(client) => Some(client),
            Program::Server(_) => None,
        })
    }

    pub(super) fn servers(&self) -> impl Iterator<Item = &Server> {
        self.programs.iter().filter_map(|program| match program {
            Program::Server(server) => Some(server),
            Program::Client(_) => None,
        })
    }

    fn joins(&mut self, name: &str, role: Role) {
        self.head.hosts.push(Host {
            name: name.into(),
            role,
        });
    }
}

impl Server {
    pub(super) fn new<L: ServerLayer>(
        host: String,
        router: impl Fn(&Network) -> Router<L> + Send + Sync + 'static,
    ) -> Self {
        let router = Arc::new(router);
        let in_lab = {
            let router = Arc::clone(&router);
            move |host: &lab::Host| host.serve(router(&Network::of_lab(host.clone(), SERVER)))
        };
        Self {
            host,
            speaks_grpc: true,
            in_lab: Arc::new(in_lab),
            over_tcp: Arc::new(move |network, incoming, signal, services| {
                let router = router(&network);
                Box::pin(async move {
                    if services.is_empty() {
                        // A scene: its clients have finished, and none has to be told.
                        let serving = router.serve_with_incoming_shutdown(incoming, signal);
                        return Ok(serving.await?);
                    }
                    let graceful = Graceful {
                        shutdown: network.shutdown().clone(),
                        health: HealthReporter::new(),
                        services,
                        // There is no load balancer that would have to see NOT_SERVING.
                        notice: Duration::ZERO,
                        deadline: DRAIN,
                    };
                    let router = with_standard_services(router, services, &graceful.health).await?;
                    let closed = graceful.shutdown.closed();
                    let serving = router.serve_with_incoming_shutdown(incoming, closed);
                    graceful.run(serving, signal).await?;
                    Ok(())
                })
            }),
        }
    }

    pub(super) fn program<F>(
        host: String,
        program: impl Fn(Network, Listener, Signal) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let program = Arc::new(program);
        let in_lab = {
            let program = Arc::clone(&program);
            move |host: &lab::Host| -> io::Result<lab::Serving> {
                let network = Network::of_lab(host.clone(), SERVER);
                host.process(|listener, signal| {
                    program(network, Listener::of_lab(listener), Box::pin(signal))
                })
            }
        };
        Self {
            host,
            speaks_grpc: false,
            in_lab: Arc::new(in_lab),
            over_tcp: Arc::new(move |network, incoming, signal, _| {
                let work = program(network, Listener::of_tcp(incoming), signal);
                Box::pin(async move {
                    work.await;
                    Ok(())
                })
            }),
        }
    }

    fn relay<F>(host: String, relay: fn(Network, Listener) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let in_lab = move |host: &lab::Host| -> io::Result<lab::Serving> {
            let network = Network::of_lab(host.clone(), SERVER);
            host.run(|listener| relay(network, Listener::of_lab(listener)))
        };
        Self {
            host,
            speaks_grpc: false,
            in_lab: Arc::new(in_lab),
            over_tcp: Arc::new(move |network, incoming, signal, _| {
                let work = relay(network, Listener::of_tcp(incoming));
                Box::pin(async move {
                    tokio::select! {
                        biased;
                        () = signal => {}
                        () = work => {}
                    }
                    Ok(())
                })
            }),
        }
    }
}
