//! A limit for what must not wait for the reader.

use std::pin::pin;
use std::time::Duration;

use futures::future::ready;
use futures::stream::{self, Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;

use super::fixed::{from_now, passed, too_late};
use super::numbers::Item;

/// Items that may wait between the producer's task and the connection.
const WAITING: usize = 1;

// ANCHOR: produced
/// The same limit, kept by a task: at the deadline it drops `items`, and with them what produces them,
/// even if the client does not read.
///
/// Costs a task and an mpsc channel. It frees what the producer holds, and does not end the call: a
/// client that does not read keeps its HTTP/2 stream and the items that wait for it, until it reads,
/// cancels or disconnects. The server can only close the whole connection.
pub fn produced_within(
    items: impl Stream<Item = Item> + Send + 'static,
    limit: Duration,
) -> impl Stream<Item = Item> + Send {
    let deadline = from_now(limit);
    let (items_made, items_waiting) = mpsc::channel(WAITING);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        let producing = async move {
            let mut items = pin!(items);
            while let Some(item) = items.next().await {
                // Waits while the client does not read.
                if items_made.send(item).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            biased;
            () = passed(deadline) => Err(too_late(limit)),
            () = producing => Ok(()),
        }
    }));
    // The status is the task's result. In the channel there might be no room for it.
    let verdict = stream::once(task).filter_map(|ended| {
        ready(match ended {
            Ok(Ok(())) => None,
            Ok(Err(status)) => Some(Err(status)),
            // The panic's message belongs in the server's log, not in a status.
            Err(_) => Some(Err(Status::internal("the numbers could not be made"))),
        })
    });
    ReceiverStream::new(items_waiting).chain(verdict)
}
// ANCHOR_END: produced
