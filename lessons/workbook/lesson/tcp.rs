//! Real sockets, with a tap on them.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio::sync::watch;
use tonic::codegen::http::Uri;
use tonic::transport::server::TcpIncoming;

use super::Failure;
use super::network::Stream as HostStream;
use crate::lab::CLIENT;
use crate::run::{Connection, HostName};
use crate::wire::{Frame, Keeps, SharedWitness, Side, Speaks, Tap, Witness};

/// After this much silence the operating system asks whether the peer is still there, so that a
/// machine that vanished does not hold its connection for ever.
const TCP_KEEPALIVE: Duration = Duration::from_secs(60);

/// Called with each frame, and the connection that it travels on.
pub(super) type OnFrame = Arc<dyn Fn(&Connection, &Frame) + Send + Sync>;

/// The accepted connections, with a tap on each.
pub(super) type Incoming = Pin<Box<dyn Stream<Item = io::Result<Tap<TcpStream>>> + Send>>;

/// Resolves when a server is to end.
pub type Signal = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Resolves when the sending half is used or dropped.
pub(super) fn signal(mut signalled: watch::Receiver<()>) -> Signal {
    Box::pin(async move {
        // An Err means that the sender was dropped: it is time to end, too.
        let _ = signalled.changed().await;
    })
}

/// Which host dialled from a local address: an accepted connection shows no name.
#[derive(Clone, Default)]
pub(super) struct Dialled(Arc<Mutex<BTreeMap<SocketAddr, HostName>>>);

impl Dialled {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<SocketAddr, HostName>> {
        // Nothing that holds the lock can leave the map half-changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Connects hosts by TCP.
#[derive(Clone)]
pub(super) struct Dialer {
    servers: BTreeMap<String, Uri>,
    dialled: Dialled,
    tap: Option<OnFrame>,
    /// What its connections speak, if it is not HTTP/2.
    speaks: Option<Speaks>,
    /// How many connections a host has opened to each server, where they are tapped at this end.
    opened: Arc<Mutex<BTreeMap<(HostName, HostName), u32>>>,
}

impl Dialer {
    /// A dialer that reaches no server yet; with `tap`, the client's end of each connection is read
    /// along.
    pub(super) fn new(tap: Option<OnFrame>, speaks: Option<Speaks>) -> Self {
        Self {
            servers: BTreeMap::new(),
            dialled: Dialled::default(),
            tap,
            speaks,
            opened: Arc::default(),
        }
    }

    /// The server of that name is at this address.
    pub(super) fn reaches(&mut self, server: &str, addr: SocketAddr) -> Result<(), Failure> {
        let url = format!("http://{addr}")
            .parse()
            .map_err(|error| Failure::Other(format!("{addr}: {error}")))?;
        self.reaches_url(server, url);
        Ok(())
    }

    /// The server of that name is at this URL.
    pub(super) fn reaches_url(&mut self, server: &str, url: Uri) {
        self.servers.insert(server.to_owned(), url);
    }

    pub(super) fn dialled(&self) -> Dialled {
        self.dialled.clone()
    }

    /// Where the server of that name is.
    pub(super) fn url(&self, server: &str) -> Result<Uri, Failure> {
        self.servers.get(server).cloned().ok_or_else(|| {
            let known: Vec<&str> = self.servers.keys().map(String::as_str).collect();
            let known = known.join(", ");
            Failure::Other(format!("there is no host {server:?} here, only {known}"))
        })
    }

    /// Connects to a URL, or to the server whose name stands in it.
    pub(super) async fn dial(&self, from: &HostName, url: &Uri) -> io::Result<HostStream> {
        let named = url.host().and_then(|host| self.servers.get(host));
        let url = named.unwrap_or(url);
        let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
        let port = url.port_u16().unwrap_or_default();
        let stream = self.connected(from, host, port).await?;
        stream.set_nodelay(true)?;
        let Some(tap) = self.tap.clone() else {
            return Ok(Box::pin(stream));
        };
        let (client, server) = (from.clone(), self.name_of(url));
        let number = {
            let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
            let number = opened.entry((client.clone(), server.clone())).or_default();
            *number += 1;
            *number
        };
        let connection = Connection {
            client,
            server,
            number,
        };
        let on_frame = Arc::new(move |frame: &Frame| tap(&connection, frame));
        let witness = Witness::speaking(self.speaks, Keeps::default());
        let witness = Arc::new(Mutex::new(witness));
        Ok(Box::pin(Tap::new(stream, Side::Client, witness, on_frame)))
    }

    /// Loopback sockets are bound first, so that the accepting end knows whose they are.
    async fn connected(&self, from: &HostName, host: &str, port: u16) -> io::Result<TcpStream> {
        let mut last = io::Error::from(io::ErrorKind::NotFound);
        for addr in lookup_host((host, port)).await? {
            let connected = match addr {
                SocketAddr::V4(v4) if v4.ip().is_loopback() => {
                    let socket = TcpSocket::new_v4()?;
                    socket.bind(SocketAddr::from((*v4.ip(), 0)))?;
                    self.dialled
                        .lock()
                        .insert(socket.local_addr()?, from.clone());
                    socket.connect(addr).await
                }
                _ => TcpStream::connect(addr).await,
            };
            match connected {
                Ok(stream) => return Ok(stream),
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    fn name_of(&self, url: &Uri) -> HostName {
        let named = self.servers.iter().find(|(_, known)| *known == url);
        named.map_or_else(|| url.to_string().into(), |(name, _)| name.as_str().into())
    }
}

/// A listening socket whose connections are tapped.
pub(super) struct Listener {
    host: HostName,
    incoming: TcpIncoming,
    connections: Connections,
}

/// What the taps see of the connections that are alive.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<Mutex<Vec<Weak<Mutex<Witness>>>>>);

impl Listener {
    /// Binds for that host; TCP_NODELAY is set, without which a first message can wait 40 ms
    /// (grpc/grpc-rust#2413). Call it inside a runtime.
    pub(super) fn bind(addr: SocketAddr, host: &str) -> io::Result<Self> {
        let incoming = TcpIncoming::bind(addr)?
            .with_nodelay(Some(true))
            .with_keepalive(Some(TCP_KEEPALIVE));
        Ok(Self {
            host: host.into(),
            incoming,
            connections: Connections::default(),
        })
    }

    pub(super) fn local_addr(&self) -> io::Result<SocketAddr> {
        self.incoming.local_addr()
    }

    pub(super) fn connections(&self) -> Connections {
        self.connections.clone()
    }

    /// The accepted connections, with a tap on each. Those of a client are counted from 1.
    pub(super) fn tapped(
        self,
        dialled: Dialled,
        speaks: Option<Speaks>,
        on_frame: OnFrame,
    ) -> Incoming {
        let (connections, server) = (self.connections, self.host);
        let mut opened: BTreeMap<HostName, u32> = BTreeMap::new();
        Box::pin(self.incoming.map(move |accepted| {
            let accepted: TcpStream = accepted?;
            let from = accepted.peer_addr().ok();
            let client = from.and_then(|from| dialled.lock().remove(&from));
            let client = client.unwrap_or_else(|| CLIENT.into());
            let number = opened.entry(client.clone()).or_default();
            *number += 1;
            let connection = Connection {
                client,
                server: server.clone(),
                number: *number,
            };
            let on_frame = Arc::clone(&on_frame);
            let on_frame = Arc::new(move |frame: &Frame| on_frame(&connection, frame));
            Ok(Tap::new(
                accepted,
                Side::Server,
                connections.admit(speaks),
                on_frame,
            ))
        }))
    }
}

impl Connections {
    /// How many calls are open, over all connections.
    pub(super) fn open_calls(&self) -> usize {
        let alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let witnesses = alive.iter().filter_map(Weak::upgrade);
        let open = witnesses.map(|witness| {
            let witness = witness.lock().unwrap_or_else(PoisonError::into_inner);
            witness.connection().open().count()
        });
        open.sum()
    }

    fn admit(&self, speaks: Option<Speaks>) -> SharedWitness {
        let witness = Arc::new(Mutex::new(Witness::speaking(speaks, Keeps::Open)));
        let mut alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alive.retain(|witness| witness.strong_count() > 0);
        alive.push(Arc::downgrade(&witness));
        witness
    }
}
