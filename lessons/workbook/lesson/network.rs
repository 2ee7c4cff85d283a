//! A host's way to the others: in the lab, over TCP, or to servers that run elsewhere.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::StreamExt as _;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::sleep;
use tonic::codegen::Service;
use tonic::codegen::http::Uri;
use tonic::transport::server::Connected;
use tonic::transport::{Channel, Endpoint};

use super::Failure;
use super::tcp::{Dialer, Incoming};
use crate::graceful::Shutdown;
use crate::lab::{self, Lab, LeakMeter, MeterLayer};
use crate::run::{HostName, InSpan};

/// How long a TCP connect may take. A lab's connect takes no time at all.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Given to each host of a scene: its way to the servers, wherever they are.
#[derive(Clone)]
pub struct Network {
    place: Place,
    /// The server that is meant where none is named: the first one of the cast.
    first_server: Arc<str>,
    shutdown: Shutdown,
}

#[derive(Clone)]
enum Place {
    Lab(lab::Host),
    Tcp {
        host: HostName,
        dialer: Dialer,
        meter: LeakMeter,
    },
}

impl Network {
    pub(super) fn of_lab(host: lab::Host, first_server: &str) -> Self {
        Self {
            place: Place::Lab(host),
            first_server: first_server.into(),
            shutdown: Shutdown::default(),
        }
    }

    pub(super) fn of_tcp(host: &str, dialer: Dialer, first_server: &str) -> Self {
        Self {
            place: Place::Tcp {
                host: host.into(),
                dialer,
                meter: LeakMeter::default(),
            },
            first_server: first_server.into(),
            shutdown: Shutdown::default(),
        }
    }

    /// The name of this host.
    #[must_use]
    pub fn host(&self) -> &HostName {
        match &self.place {
            Place::Lab(host) => host.name(),
            Place::Tcp { host, .. } => host,
        }
    }

    /// A channel to the scene's only server, or its first one, connected.
    ///
    /// # Errors
    /// When nothing listens there.
    pub async fn channel(&self) -> Result<Channel, Failure> {
        self.channel_with(|endpoint| endpoint).await
    }

    /// The same with settings of the scene's own: windows, keepalive, timeouts.
    ///
    /// # Errors
    /// When nothing listens there.
    pub async fn channel_with(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Failure> {
        self.channel_to(&self.first_server, configure).await
    }

    /// A channel to the server at that host, connected.
    ///
    /// # Errors
    /// When nothing listens there.
    pub async fn channel_to(
        &self,
        server: &str,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Failure> {
        let endpoint = configure(self.endpoint(server)?);
        Ok(endpoint.connect_with_connector(self.connector()).await?)
    }

    /// An endpoint at `http://SERVER:50051`, for [`Network::connector`].
    ///
    /// # Errors
    /// When `server` cannot stand in a URL.
    pub fn endpoint(&self, server: &str) -> Result<Endpoint, Failure> {
        Ok(match &self.place {
            Place::Lab(host) => host.endpoint(server)?,
            Place::Tcp { dialer, .. } => Endpoint::from(dialer.url(server)?)
                .connect_timeout(CONNECT_TIMEOUT)
                .executor(InSpan::current()),
        })
    }

    /// Connects to whichever host an endpoint's URL names.
    pub fn connector(
        &self,
    ) -> impl Service<Uri, Response = TokioIo<Stream>, Error = io::Error, Future: Send>
    + Clone
    + Send
    + use<> {
        let network = self.clone();
        tower::service_fn(move |url: Uri| {
            let network = network.clone();
            async move {
                let stream: Stream = match &network.place {
                    Place::Lab(host) => {
                        Box::pin(host.connect(url.host().unwrap_or_default()).await?)
                    }
                    Place::Tcp { host, dialer, .. } => dialer.dial(host, &url).await?,
                };
                Ok(TokioIo::new(stream))
            }
        })
    }

    /// Opens a connection to that host, for a host that speaks bytes.
    ///
    /// # Errors
    /// As a real connect.
    pub async fn connect(&self, to: &str) -> io::Result<Stream> {
        match &self.place {
            Place::Lab(host) => Ok(Box::pin(host.connect(to).await?)),
            Place::Tcp { host, dialer, .. } => {
                let url = dialer
                    .url(to)
                    .map_err(|failure| io::Error::other(failure.to_string()))?;
                dialer.dial(host, &url).await
            }
        }
    }

    /// Lets time pass. In the lab it is virtual, and the silence meanwhile is no stall.
    pub async fn sleep(&self, duration: Duration) {
        match self.in_lab() {
            Some(lab) => lab.sleep(duration).await,
            None => sleep(duration).await,
        }
    }

    /// A layer for a server among several: what its handlers and streams say is said by this host.
    #[must_use]
    pub fn layer(&self) -> MeterLayer {
        match &self.place {
            Place::Lab(host) => host.layer(),
            Place::Tcp { host, meter, .. } => meter.layer_of(host),
        }
    }

    /// What this host's services know of the end of their server, where it is served over TCP.
    #[must_use]
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// The lab, where the scene plays in one: for faults, servers and the leak meter.
    #[must_use]
    pub fn in_lab(&self) -> Option<&Lab> {
        match &self.place {
            Place::Lab(host) => Some(host.lab()),
            Place::Tcp { .. } => None,
        }
    }
}

/// A connection, as a host that speaks bytes has it.
pub type Stream = Pin<Box<dyn ReadWrite>>;

/// Anything that can be read from and written to.
pub trait ReadWrite: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> ReadWrite for T {}

/// So that a tonic server accepts it.
impl Connected for Stream {
    type ConnectInfo = ();

    fn connect_info(&self) {}
}

/// Accepts the connections of a host that speaks bytes.
pub struct Listener(Accepts);

enum Accepts {
    Lab(lab::Listener),
    Tcp(Incoming),
}

impl Listener {
    pub(super) fn of_lab(listener: lab::Listener) -> Self {
        Self(Accepts::Lab(listener))
    }

    pub(super) fn of_tcp(incoming: Incoming) -> Self {
        Self(Accepts::Tcp(incoming))
    }

    /// The next connection; `None` when there will be none.
    pub async fn accept(&mut self) -> Option<Stream> {
        match &mut self.0 {
            Accepts::Lab(listener) => Some(Box::pin(listener.accept().await?)),
            Accepts::Tcp(incoming) => loop {
                // A connection that could not be accepted is not the last one.
                if let Ok(stream) = incoming.next().await? {
                    return Some(Box::pin(stream));
                }
            },
        }
    }
}

/// The accepted connections, for `serve_with_incoming_shutdown`.
impl futures::Stream for Listener {
    type Item = io::Result<Stream>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            Accepts::Lab(listener) => listener.poll_next_unpin(cx).map(boxed),
            Accepts::Tcp(incoming) => incoming.poll_next_unpin(cx).map(boxed),
        }
    }
}

fn boxed<T: ReadWrite + 'static>(accepted: Option<io::Result<T>>) -> Option<io::Result<Stream>> {
    accepted.map(|accepted| accepted.map(|stream| Box::pin(stream) as Stream))
}
