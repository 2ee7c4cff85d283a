//! The server that is tapped, and how it is reached.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tonic::transport::{Channel, Endpoint};

use super::arguments::Arguments;
use super::relay::Upstream;
#[cfg(feature = "tls")]
use super::tls::Tls;
use super::types::Types;

/// How long a server may take to accept, and to describe its services.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where the server is.
#[derive(Clone)]
pub(super) struct Server {
    address: Arc<str>,
    /// How to speak to it, if not in plain text.
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Server {
    /// # Errors
    /// When the authorities that it is to be checked with cannot be read.
    pub(super) fn of(arguments: &Arguments) -> Result<Self, String> {
        let address = &arguments.server.host_and_port;
        Ok(Self {
            address: address.as_str().into(),
            #[cfg(feature = "tls")]
            tls: match arguments.server.is_tls {
                true => Some(Tls::to(address, arguments.ca.as_deref())?),
                false => None,
            },
        })
    }

    /// A connection, ready for the first byte of HTTP/2.
    ///
    /// # Errors
    /// Why there is none, and what to do.
    pub(super) async fn connect(&self) -> Result<Upstream, String> {
        let server = &self.address;
        match timeout(PATIENCE, self.connect_in_time()).await {
            Ok(connected) => connected,
            Err(_) => {
                let seconds = PATIENCE.as_secs();
                Err(format!(
                    "cannot connect to {server}: no answer for {seconds} s"
                ))
            }
        }
    }

    async fn connect_in_time(&self) -> Result<Upstream, String> {
        let server = &self.address;
        let stream = TcpStream::connect(&**server)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::ConnectionRefused => format!(
                    "nothing listens at {server}. Start the server, or correct the address."
                ),
                _ => format!("cannot connect to {server}: {error}"),
            })?;
        // What the client sends at once is sent on at once. Where the option is refused, it is only slower.
        let _ = stream.set_nodelay(true);
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            return tls.over(stream).await.map(Upstream::from);
        }
        Ok(Upstream::Plain(stream))
    }

    /// What the server describes, asked on a connection of its own.
    ///
    /// # Errors
    /// Why it describes nothing, and what that means.
    pub(super) async fn types(&self) -> Result<Types, String> {
        let asked = async {
            Types::of(self.channel().await?)
                .await
                .map_err(|status| format!("{:?}", status.code()))
        };
        let why = match timeout(PATIENCE, asked).await {
            Ok(Ok(types)) => return Ok(types),
            Ok(Err(why)) => why,
            Err(_) => format!("no answer for {} s", PATIENCE.as_secs()),
        };
        Err(format!(
            "the server describes no types by reflection ({why}): messages have only their size"
        ))
    }

    async fn channel(&self) -> Result<Channel, String> {
        #[cfg(feature = "tls")]
        if let Some(tls) = &self.tls {
            return tls.channel().await;
        }
        let endpoint = Endpoint::from_shared(format!("http://{}", self.address));
        let endpoint = endpoint.map_err(|error| error.to_string())?;
        endpoint.connect().await.map_err(|error| error.to_string())
    }
}
