//! A host that listens.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use tokio::sync::mpsc;

use super::network::Network;
use super::pipe::Pipe;
use crate::run::HostName;
use crate::wire::Tap;

/// A connection that waits to be accepted.
pub(super) struct Accepted {
    pub pipe: Pipe,
    pub client: HostName,
}

/// Accepts the connections to one host: a stream for `serve_with_incoming`, or one at a time for a
/// host that speaks bytes. Dropping it ends the listening; what waits to be accepted is closed.
pub struct Listener {
    queue: mpsc::Receiver<Accepted>,
    network: Network,
    host: HostName,
    number: u64,
    /// Of the listener that this one took over from: its queue stays open, so that its server is not
    /// drained by accident.
    _before: Option<mpsc::Sender<Accepted>>,
}

impl Listener {
    pub(super) fn new(
        queue: mpsc::Receiver<Accepted>,
        network: Network,
        host: HostName,
        number: u64,
        before: Option<mpsc::Sender<Accepted>>,
    ) -> Self {
        Self {
            queue,
            network,
            host,
            number,
            _before: before,
        }
    }

    /// The next connection; `None` when the host has been stopped.
    pub async fn accept(&mut self) -> Option<Tap<Pipe>> {
        let accepted = self.queue.recv().await?;
        Some(self.network.tapped(accepted, &self.host))
    }
}

impl Stream for Listener {
    type Item = io::Result<Tap<Pipe>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let accepted = ready!(self.queue.poll_recv(cx));
        Poll::Ready(accepted.map(|accepted| Ok(self.network.tapped(accepted, &self.host))))
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.network.close(&self.host, self.number);
    }
}
