//! The cures, three of them: each hangs the task's life on the response stream.

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::chat::{Item, Messages, goodbye};
use super::room::Ears;

/// Messages that may wait for the connection.
const WAITING: usize = 1;

// ANCHOR: closed
/// The task asks its own channel.
///
/// Costs a branch wherever the task waits. Fits one task with one place to wait.
pub fn until_closed(mut ears: Ears) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        loop {
            let heard = tokio::select! {
                biased;
                () = messages.closed() => break,
                heard = ears.next() => heard,
            };
            let Some(message) = heard else { break };
            if messages.send(Ok(message)).await.is_err() {
                break;
            }
        }
        goodbye();
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: closed

// ANCHOR: handle
/// The stream holds the task, and aborts it when it is dropped.
///
/// Costs nothing in the task, which need not know. Cuts it off at its next `.await`: what must happen
/// in any case has to be a `Drop`. Fits tasks that may end anywhere.
pub fn while_held(mut ears: Ears) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        while let Some(message) = ears.next().await {
            if messages.send(Ok(message)).await.is_err() {
                break;
            }
        }
        goodbye();
    }));
    holding(task, ReceiverStream::new(taken))
}
// ANCHOR_END: handle

// ANCHOR: token
/// The stream holds a token's guard. When it is dropped, whoever listens to the token hears it.
///
/// Costs a branch wherever a task waits, and a clone of the token for each task. Fits several tasks,
/// and tasks that have something to do at the end: the listening below is dropped where it waits,
/// and what stands behind it is done.
pub fn until_cancelled(mut ears: Ears) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    let left = CancellationToken::new();
    let guard = left.clone().drop_guard();
    tokio::spawn(async move {
        let listening = async {
            while let Some(message) = ears.next().await {
                if messages.send(Ok(message)).await.is_err() {
                    break;
                }
            }
        };
        left.run_until_cancelled(listening).await;
        goodbye();
    });
    holding(guard, ReceiverStream::new(taken))
}
// ANCHOR_END: token

// ANCHOR: holding
/// The same stream, which owns `held` and drops it when it is dropped.
fn holding<T: Send + 'static>(
    held: T,
    stream: impl Stream<Item = Item> + Send + 'static,
) -> Messages {
    let owned = move |item| {
        let _held = &held;
        item
    };
    stream.map(owned).boxed()
}
// ANCHOR_END: holding
