//! TLS between the tap and the server, with rustls. Built with the feature `tls` alone.
//!
//! rustls keeps bytes of its own. The relay writes at most [`HELD`] bytes, and reads on only when they have
//! been handed to the socket. So to the server it is those bytes once more, encrypted. From the server rustls
//! reads from the socket only when all that it has decrypted has been taken: the bytes of one record that is
//! not complete, and those of one that is, of 16 KiB each.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, Interest, ReadBuf, ReadHalf, WriteHalf, split};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsConnector, rustls};
use tonic::transport::{Channel, Endpoint};

use super::refusal::refusal;
use super::relay::{HELD, Source};

/// What HTTP/2 is called in ALPN (RFC 9113 section 3.2).
const H2: &[u8] = b"h2";

/// How to speak TLS to one server.
#[derive(Clone)]
pub(super) struct Tls {
    connector: TlsConnector,
    /// Whose certificate is accepted, and what the server is asked for (SNI).
    name: ServerName<'static>,
    server: Arc<str>,
}

/// A connection over TLS, and its socket once more: a reset shows there, without reading.
pub struct Encrypted {
    stream: TlsStream<TcpStream>,
    socket: TcpStream,
}

impl Tls {
    /// The server has to be trusted by this machine's authorities, or by those in a file.
    pub(super) fn to(server: &str, ca: Option<&Path>) -> Result<Self, String> {
        let (host, _) = server.rsplit_once(':').unwrap_or((server, ""));
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())
            .map_err(|_| format!("{host} is no name that a certificate could have"))?;
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(authorities(ca)?)
            .with_no_client_auth();
        config.alpn_protocols = vec![H2.to_vec()];
        Ok(Self {
            connector: TlsConnector::from(Arc::new(config)),
            name,
            server: server.into(),
        })
    }

    /// Agrees on TLS, and on HTTP/2.
    pub(super) async fn over(&self, stream: TcpStream) -> Result<Encrypted, String> {
        let failed = |error: io::Error| refusal(&self.server, &error);
        let stream = stream.into_std().map_err(failed)?;
        let socket = TcpStream::from_std(stream.try_clone().map_err(failed)?).map_err(failed)?;
        let stream = TcpStream::from_std(stream).map_err(failed)?;
        let agreed = self
            .connector
            .connect_with(self.name.clone(), stream, |connection| {
                connection.set_buffer_limit(Some(HELD));
            });
        let stream = agreed.await.map_err(failed)?;
        match stream.get_ref().1.alpn_protocol() {
            Some(H2) => Ok(Encrypted { stream, socket }),
            _ => Err(format!(
                "{} speaks TLS, and does not choose HTTP/2 (ALPN h2). Is it a gRPC server, or does a proxy stand \
                 before it?",
                self.server
            )),
        }
    }

    /// A connection for the tap's own calls.
    pub(super) async fn channel(&self) -> Result<Channel, String> {
        let endpoint = Endpoint::from_shared(format!("https://{}", self.server))
            .map_err(|error| error.to_string())?;
        let tls = self.clone();
        let connector = tower::service_fn(move |_| {
            let tls = tls.clone();
            async move {
                let stream = TcpStream::connect(&*tls.server).await?;
                let encrypted = tls.over(stream).await.map_err(io::Error::other)?;
                Ok::<_, io::Error>(TokioIo::new(encrypted.stream))
            }
        });
        let connected = endpoint.connect_with_connector(connector).await;
        connected.map_err(|error| error.to_string())
    }
}

/// Which authorities are trusted.
fn authorities(ca: Option<&Path>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let Some(file) = ca else {
        let found = rustls_native_certs::load_native_certs();
        // Some of a machine's are usually too old to be read.
        roots.add_parsable_certificates(found.certs);
        return match roots.is_empty() {
            true => Err("this machine lists no authorities for certificates. Name a file with the one that has \
                 signed the server's: --ca FILE"
                .to_owned()),
            false => Ok(roots),
        };
    };
    let cannot = |why: &dyn std::fmt::Display| format!("{}: {why}", file.display());
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file)
        .map_err(|error| cannot(&error))?
        .collect();
    for certificate in certificates.map_err(|error| cannot(&error))? {
        roots.add(certificate).map_err(|error| cannot(&error))?;
    }
    match roots.is_empty() {
        true => Err(cannot(
            &"there is no certificate in it. One in PEM begins with -----BEGIN CERTIFICATE-----",
        )),
        false => Ok(roots),
    }
}

impl Encrypted {
    /// Both directions.
    pub(super) fn split(&mut self) -> (Decrypted<'_>, WriteHalf<&mut TlsStream<TcpStream>>) {
        let (half, to) = split(&mut self.stream);
        let socket = &self.socket;
        (Decrypted { half, socket }, to)
    }

    /// The connection below TLS.
    pub(super) fn socket(&self) -> &TcpStream {
        &self.socket
    }
}

/// What the server sends.
pub(super) struct Decrypted<'a> {
    half: ReadHalf<&'a mut TlsStream<TcpStream>>,
    socket: &'a TcpStream,
}

impl AsyncRead for Decrypted<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match ready!(Pin::new(&mut self.half).poll_read(cx, buffer)) {
            // It has closed without saying so in TLS. HTTP/2 shows by itself whether something is missing.
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Poll::Ready(Ok(())),
            read => Poll::Ready(read),
        }
    }
}

impl Source for Decrypted<'_> {
    async fn is_reset(&self) {
        // An error of the wait itself shows at the next read.
        let _ = self.socket.ready(Interest::ERROR).await;
    }
}
