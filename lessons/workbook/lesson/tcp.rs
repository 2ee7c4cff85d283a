//! Real sockets, with a tap on them.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures::{Stream, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::codegen::Service;
use tonic::codegen::http::Uri;
use tonic::transport::Endpoint;
use tonic::transport::server::TcpIncoming;

use crate::wire::{End, Frame, OnFrame, SharedWitness, Tap, Witness};

/// After this much silence the operating system asks whether the peer is still there, so that a
/// machine that vanished does not hold its connection for ever.
const TCP_KEEPALIVE: Duration = Duration::from_secs(60);

/// Connects a client by TCP.
#[derive(Clone)]
pub(super) struct Dialer {
    url: Uri,
    tap: Option<OnFrame>,
}

impl Dialer {
    /// A dialer; with `tap`, the client's end of each connection is read along.
    pub(super) fn new(url: Uri, tap: Option<OnFrame>) -> Self {
        Self { url, tap }
    }

    pub(super) fn endpoint(&self) -> Endpoint {
        Endpoint::from(self.url.clone())
    }

    pub(super) fn connector(
        &self,
    ) -> impl Service<Uri, Response = TokioIo<Tap<TcpStream>>, Error = io::Error, Future: Send>
    + Send
    + use<> {
        let tap = self.tap.clone().unwrap_or_else(|| Arc::new(|_| {}));
        tower::service_fn(move |url: Uri| {
            let tap = Arc::clone(&tap);
            async move {
                let host = url.host().unwrap_or_default().trim_matches(['[', ']']);
                let port = url.port_u16().unwrap_or_default();
                let stream = TcpStream::connect((host, port)).await?;
                stream.set_nodelay(true)?;
                Ok(TokioIo::new(Tap::new(
                    stream,
                    End::Client,
                    SharedWitness::default(),
                    tap,
                )))
            }
        })
    }
}

/// A listening socket whose connections are tapped.
pub(super) struct Listener {
    incoming: TcpIncoming,
    connections: Connections,
}

/// What the taps see of the connections that are alive.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<Mutex<Vec<Weak<Mutex<Witness>>>>>);

impl Listener {
    /// Binds; TCP_NODELAY is set, without which a first message can wait 40 ms
    /// (grpc/grpc-rust#2413). Call it inside a runtime.
    pub(super) fn bind(addr: SocketAddr) -> io::Result<Self> {
        let incoming = TcpIncoming::bind(addr)?
            .with_nodelay(Some(true))
            .with_keepalive(Some(TCP_KEEPALIVE));
        Ok(Self {
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

    /// The accepted connections, with a tap on each. Connections are counted from 1, and `on_frame`
    /// is told which one a frame belongs to.
    pub(super) fn tapped(
        self,
        on_frame: impl Fn(usize, &Frame) + Clone + Send + Sync + 'static,
    ) -> impl Stream<Item = io::Result<Tap<TcpStream>>> + Send {
        let connections = self.connections;
        let mut count = 0;
        self.incoming.map(move |accepted| {
            count += 1;
            let (number, on_frame) = (count, on_frame.clone());
            let on_frame: OnFrame = Arc::new(move |frame| on_frame(number, frame));
            let witness = connections.admit();
            Ok(Tap::new(accepted?, End::Server, witness, on_frame))
        })
    }
}

impl Connections {
    /// How many calls are open, over all connections.
    pub(super) fn open_calls(&self) -> usize {
        let alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alive
            .iter()
            .filter_map(Weak::upgrade)
            .map(|witness| {
                witness
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .connection()
                    .open()
                    .count()
            })
            .sum()
    }

    fn admit(&self) -> SharedWitness {
        let witness = SharedWitness::default();
        let mut alive = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alive.retain(|witness| witness.strong_count() > 0);
        alive.push(Arc::downgrade(&witness));
        witness
    }
}
