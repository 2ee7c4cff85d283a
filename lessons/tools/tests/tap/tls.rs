//! Bytes over TLS: unchanged, in order, and never more of them than rustls and the tap may hold. Built with
//! the feature `tls` alone, and run by `.ci/peers`, which also plays the tap before a server of grpcio.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::process::Command;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{
    AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, ReadBuf, duplex, split,
};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, client, rustls, server};
use workbook_tools::tap::{HELD, Source, pump};

/// What a pipe holds, in place of a socket's buffers.
const PIPE: usize = 1024;
/// What the client sends before it waits for an answer: more than the pipe takes at once.
const FIRST: usize = 8 * PIPE;
const HOUR: Duration = Duration::from_secs(3600);

/// A certificate for localhost, which trusts itself.
fn made(folder: &Path) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let (key, certificate) = (folder.join("key.pem"), folder.join("certificate.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
        .arg(&key)
        .arg("-out")
        .arg(&certificate)
        .output()
        .expect("openssl is installed");
    assert!(made.status.success(), "{made:?}");
    (
        CertificateDer::from_pem_file(certificate).expect("openssl writes PEM"),
        PrivateKeyDer::from_pem_file(key).expect("openssl writes PEM"),
    )
}

/// Both ends of a connection in memory, over TLS: as the tap has it, and the server's.
async fn pair() -> (
    client::TlsStream<DuplexStream>,
    server::TlsStream<DuplexStream>,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let (certificate, key) = made(folder.path());
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).expect("it is one");
    let connects = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let accepts = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .expect("they belong together");
    let (near, far) = duplex(PIPE);
    let name = ServerName::try_from("localhost").expect("a name");
    let connector = TlsConnector::from(Arc::new(connects));
    let near = connector.connect_with(name, near, |tls| tls.set_buffer_limit(Some(HELD)));
    // The server's own buffer is a part of what the tests count.
    let acceptor = TlsAcceptor::from(Arc::new(accepts));
    let far = acceptor.accept_with(far, |tls| tls.set_buffer_limit(Some(PIPE)));
    let (near, far) = tokio::join!(near, far);
    (near.expect("it is trusted"), far.expect("it is accepted"))
}

/// A side that is read, and never reset.
struct Reads<R>(R);

impl<R: AsyncRead + Unpin> AsyncRead for Reads<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl<R: AsyncRead + Unpin> Source for Reads<R> {
    async fn is_reset(&self) {
        pending().await
    }
}

/// Bytes that do not repeat soon.
fn bytes(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = |_| {
        state = state * 48_271 % 2_147_483_647;
        state.to_le_bytes()[1]
    };
    (0..length).map(next).collect()
}

#[tokio::test(start_paused = true)]
async fn bytes_pass_unchanged_through_tls_both_ways() {
    let (near, far) = pair().await;
    let (from_server, mut to_server) = split(near);
    let (mut server_reads, mut server_writes) = split(far);
    let (mut asks, requests) = duplex(PIPE);
    let (mut to_client, mut hears) = duplex(PIPE);
    let sent = bytes(1_000_001);
    let (mut requests, mut from_server) = (Reads(requests), Reads(from_server));
    let to = pump(&mut requests, &mut to_server, |_| {});
    let back = pump(&mut from_server, &mut to_client, |_| {});
    let (first, rest) = sent.split_at(FIRST);
    let client = async {
        asks.write_all(first).await.expect("it is read");
        let mut got = vec![0; FIRST];
        // Ends only if the tap hands all of it to the socket, although nothing follows.
        hears.read_exact(&mut got).await.expect("no reset");
        let writes = async {
            asks.write_all(rest).await.expect("it is read");
            asks.shutdown().await.expect("it is open");
        };
        let ((), read) = tokio::join!(writes, hears.read_to_end(&mut got));
        read.expect("no reset");
        got
    };
    let echo = async {
        let mut got = vec![0; FIRST];
        server_reads.read_exact(&mut got).await.expect("it is sent");
        server_writes.write_all(&got).await.expect("it is read");
        server_writes.flush().await.expect("it is read");
        let echoed = tokio::io::copy(&mut server_reads, &mut server_writes).await;
        echoed.expect("no reset");
        server_writes.shutdown().await.expect("it is open");
    };
    let all = timeout(HOUR, async { tokio::join!(to, back, client, echo) });
    let (to, back, got, ()) = all.await.expect("it does not stop");
    assert!(to.is_ok() && back.is_ok(), "{to:?} {back:?}");
    assert!(got == sent);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stops_reading_stops_the_client_after_32_kib_and_the_sockets() {
    let (near, _far) = pair().await;
    let (_from_server, mut to_server) = split(near);
    let (mut asks, requests) = duplex(PIPE);
    let mut requests = Reads(requests);
    let sent = Cell::new(0);
    let sends = async {
        loop {
            asks.write_all(&[7]).await.expect("it is open");
            sent.set(sent.get() + 1);
        }
    };
    let both = async { tokio::join!(sends, pump(&mut requests, &mut to_server, |_| {})) };
    // The clock moves only when nothing else can: everything that can be sent has been.
    assert!(timeout(HOUR, both).await.is_err());
    // What the tap holds, the same encrypted, and a pipe on each side.
    let sent = sent.get();
    assert!(sent <= PIPE + 2 * HELD + PIPE, "{sent}");
    assert!(sent > PIPE, "{sent}");
}

#[tokio::test(start_paused = true)]
async fn a_client_that_stops_reading_stops_the_server_after_48_kib_and_the_sockets() {
    let (near, mut far) = pair().await;
    let (from_server, _to_server) = split(near);
    let (mut to_client, _hears) = duplex(PIPE);
    let mut from_server = Reads(from_server);
    let sent = Cell::new(0);
    let sends = async {
        loop {
            far.write_all(&[7; 256]).await.expect("it is open");
            sent.set(sent.get() + 256);
        }
    };
    let both = async { tokio::join!(sends, pump(&mut from_server, &mut to_client, |_| {})) };
    assert!(timeout(HOUR, both).await.is_err());
    // What the tap holds, what rustls has decrypted, what it has not, a pipe on each side, and the server's own.
    let sent = sent.get();
    assert!(sent <= PIPE + 3 * HELD + PIPE + PIPE, "{sent}");
    assert!(sent > 2 * PIPE, "{sent}");
}
