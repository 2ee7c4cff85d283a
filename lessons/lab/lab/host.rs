//! A host: what it can do on the lab's network.

use std::io;

use hyper_util::rt::TokioIo;
use tonic::codegen::Service;
use tonic::codegen::http::Uri;
use tonic::transport::{Channel, Endpoint, Error};
use tracing::Span;

use super::meter::MeterLayer;
use super::{Lab, Link, Listener, Pipe};
use crate::run::{HostName, InSpan, host_span};

/// The port in `http://NAME:50051`. In the lab a host listens at one address, whatever the port.
pub const PORT: u16 = 50051;

/// A named host of a lab. Clones are the same host.
#[derive(Clone)]
pub struct Host {
    pub(super) lab: Lab,
    name: HostName,
}

impl Host {
    pub(super) fn new(lab: Lab, name: HostName) -> Self {
        Self { lab, name }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &HostName {
        &self.name
    }

    /// The lab that it belongs to.
    #[must_use]
    pub fn lab(&self) -> &Lab {
        &self.lab
    }

    /// What runs in this span is said by this host.
    #[must_use]
    pub fn span(&self) -> Span {
        host_span(&self.name)
    }

    /// The link to another host.
    #[must_use]
    pub fn link(&self, other: &str) -> Link {
        self.lab.network.link(&self.name, &other.into())
    }

    /// Listens, for a host that speaks bytes.
    ///
    /// # Errors
    /// `AddrInUse` when something listens at this host already.
    pub fn listen(&self) -> io::Result<Listener> {
        self.lab.network.listen(&self.name, false)
    }

    /// Opens a connection, for a host that speaks bytes.
    ///
    /// # Errors
    /// `ConnectionRefused` when nothing listens there, or the link refuses.
    pub async fn connect(&self, to: &str) -> io::Result<Pipe> {
        self.lab.network.connect(&self.name, &to.into()).await
    }

    /// An endpoint at `http://TO:50051`, whose connections belong to this host.
    ///
    /// # Errors
    /// When `to` cannot stand in a URL.
    pub fn endpoint(&self, to: &str) -> Result<Endpoint, Error> {
        let endpoint = Endpoint::from_shared(format!("http://{to}:{PORT}"))?;
        Ok(endpoint.executor(InSpan::current()))
    }

    /// Connects to whichever host the URL names: for `Endpoint::connect_with_connector`.
    pub fn connector(
        &self,
    ) -> impl Service<Uri, Response = TokioIo<Pipe>, Error = io::Error, Future: Send>
    + Clone
    + Send
    + use<> {
        let host = self.clone();
        tower::service_fn(move |url: Uri| {
            let host = host.clone();
            async move {
                let to = url.host().unwrap_or_default();
                host.connect(to).await.map(TokioIo::new)
            }
        })
    }

    /// A channel to another host, connected, with settings of the caller's: windows, keepalive,
    /// timeouts.
    ///
    /// # Errors
    /// As a real connect: when nothing listens there, the source is an `io::Error` of kind
    /// `ConnectionRefused`.
    pub async fn channel_with(
        &self,
        to: &str,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Error> {
        let endpoint = configure(self.endpoint(to)?);
        endpoint.connect_with_connector(self.connector()).await
    }

    /// The same with tonic's own settings.
    ///
    /// # Errors
    /// As [`Host::channel_with`].
    pub async fn channel(&self, to: &str) -> Result<Channel, Error> {
        self.channel_with(to, |endpoint| endpoint).await
    }

    /// A layer for `Server::builder().layer(…)`: handlers and response streams are counted as this
    /// host's, and what they say is said by it. A scene with one server needs it for the count alone.
    #[must_use]
    pub fn layer(&self) -> MeterLayer {
        self.lab.meter().layer_of(&self.name)
    }
}
