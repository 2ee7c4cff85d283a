//! Servers whose List breaks one promise each.

use futures::StreamExt as _;
use futures::future::ready;
use tokio::sync::mpsc;
use tokio_stream::wrappers::{ReceiverStream, UnboundedReceiverStream};
use tracing::{Instrument as _, Span};

use super::deadline::until;
use super::service::{Ask, Calls, points};
use super::station::{Points, Station};

/// How many points may wait for a client.
const WAITING: usize = 4;

/// Takes an error for the end, so its client reads OK.
pub struct SwallowsTheError;

impl Calls for SwallowsTheError {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let is_ok = |item: &Result<_, _>| ready(item.is_ok());
        // The deadline is not the source's error, and is kept.
        until(
            ask.deadline,
            points(station, &ask).take_while(is_ok).boxed(),
        )
    }
}

/// Has a task for each call, which does not look at whether its client is still there.
pub struct LeaksATask;

// ANCHOR: leaks
impl Calls for LeaksATask {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let mut points = until(ask.deadline, points(station, &ask));
        let (sender, waiting) = mpsc::channel(WAITING);
        let produce = async move {
            while let Some(item) = points.next().await {
                // Wrong: does not check the result, so it goes on for a client that has disconnected.
                let _ = sender.send(item).await;
            }
        };
        tokio::spawn(produce.instrument(Span::current()));
        ReceiverStream::new(waiting).boxed()
    }
}
// ANCHOR_END: leaks

/// Makes points as fast as its source, whether the client reads or not.
pub struct QueuesEverything;

impl Calls for QueuesEverything {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let mut points = until(ask.deadline, points(station, &ask));
        let (sender, waiting) = mpsc::unbounded_channel();
        let produce = async move {
            loop {
                tokio::select! {
                    biased;
                    () = sender.closed() => return,
                    item = points.next() => match item {
                        // Cannot fail: the queue has just been open, and nothing was awaited since.
                        Some(item) => { let _ = sender.send(item); }
                        None => return,
                    },
                }
            }
        };
        tokio::spawn(produce.instrument(Span::current()));
        UnboundedReceiverStream::new(waiting).boxed()
    }
}

/// Streams on when the deadline has passed.
pub struct IgnoresTheDeadline;

impl Calls for IgnoresTheDeadline {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        points(station, &ask)
    }
}
