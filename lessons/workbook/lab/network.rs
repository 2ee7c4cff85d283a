//! The lab's network: one address, at which a server may or may not listen.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use futures::{Stream, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::codegen::http::Uri;
use tonic::transport::{Channel, Endpoint, Error};

use super::link::{Faults, Pipe};
use crate::transcript::InSpan;
use crate::wire::{End, OnFrame, SharedWitness, Tap};

/// Connections that wait to be accepted; beyond that a connect is refused, as by a real listener.
const BACKLOG: usize = 128;

/// How many ended connections keep their witness for a look back.
const MAX_WITNESSES: usize = 1024;

/// Where everything in the lab is said to be. No name is resolved and no socket opened.
const ADDRESS: &str = "http://lab.invalid:50051";

/// A network of one address.
#[derive(Clone)]
pub(super) struct Network {
    listener: Arc<Mutex<Option<mpsc::Sender<Pipe>>>>,
    faults: Arc<Mutex<Faults>>,
    witnesses: Arc<Mutex<Vec<SharedWitness>>>,
    on_frame: OnFrame,
}

impl Network {
    pub(super) fn new(on_frame: OnFrame) -> Self {
        Self {
            listener: Arc::default(),
            faults: Arc::default(),
            witnesses: Arc::default(),
            on_frame,
        }
    }

    /// Listens at the address, in place of whoever listened before.
    ///
    /// The tap sits at the server's end: what the client sends is seen before the server acts on
    /// it, and what the server sends before the client does.
    pub(super) fn listen(&self) -> impl Stream<Item = io::Result<Tap<Pipe>>> + Send + use<> {
        let (sender, accepted) = mpsc::channel(BACKLOG);
        *lock(&self.listener) = Some(sender);
        let network = self.clone();
        ReceiverStream::new(accepted).map(move |pipe| Ok(network.tapped(pipe)))
    }

    /// A channel to whoever listens now, connected.
    pub(super) async fn channel(
        &self,
        configure: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Error> {
        let network = self.clone();
        configure(Endpoint::from_static(ADDRESS))
            .executor(InSpan::current())
            .connect_with_connector(tower::service_fn(move |_: Uri| {
                let connected = network.connect();
                async move { connected.map(TokioIo::new) }
            }))
            .await
    }

    /// The faults of the connections made since the last [`Network::heal`].
    pub(super) fn faults(&self) -> Faults {
        lock(&self.faults).clone()
    }

    /// Connections made from now on are sound again.
    pub(super) fn heal(&self) {
        *lock(&self.faults) = Faults::default();
    }

    /// One witness for each connection accepted, oldest first.
    pub(super) fn witnesses(&self) -> Vec<SharedWitness> {
        lock(&self.witnesses).clone()
    }

    fn connect(&self) -> io::Result<Pipe> {
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let (ours, theirs) = self.faults().connection();
        let listener = lock(&self.listener);
        listener
            .as_ref()
            .ok_or_else(refused)?
            .try_send(theirs)
            .map_err(|_| refused())?;
        Ok(ours)
    }

    fn tapped(&self, pipe: Pipe) -> Tap<Pipe> {
        let witness = SharedWitness::default();
        let mut witnesses = lock(&self.witnesses);
        if witnesses.len() >= MAX_WITNESSES {
            witnesses.remove(0);
        }
        witnesses.push(Arc::clone(&witness));
        Tap::new(pipe, End::Server, witness, Arc::clone(&self.on_frame))
    }
}

/// Nothing that holds these locks can leave them half-changed, so poison means nothing.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
