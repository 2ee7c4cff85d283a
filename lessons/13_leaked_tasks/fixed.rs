//! Three fixes. Each ties the task's lifetime to the response stream, which tonic drops.
//!
//! None of them ends a call from inside while its client does not read: hyper polls the response stream
//! only while the client's window has room, so neither a last message nor a status can leave. The task
//! then waits in `send`, also when the room has closed, until the client reads or disconnects. What it
//! holds meanwhile is bounded: its place in `messages`, and the room's queue.

use futures::{Stream, StreamExt as _};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::messages::{Item, Messages, WAITING, clean_up, sent_by};
use super::room::Subscriber;

// ANCHOR: closed
/// The task also waits for its own mpsc channel to be closed.
///
/// Costs a branch wherever the task waits. Fits one task with one place to wait.
pub fn until_closed(mut subscriber: Subscriber) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    let task = tokio::spawn(async move {
        loop {
            let next = tokio::select! {
                biased;
                () = messages.closed() => break,
                next = subscriber.next() => next,
            };
            let Some(message) = next else { break };
            if messages.send(message).await.is_err() {
                break;
            }
        }
        clean_up();
    });
    sent_by(task, taken)
}
// ANCHOR_END: closed

// ANCHOR: handle
/// The stream owns the task's handle, and dropping the stream aborts the task.
///
/// Costs no line in the task. The abort ends it at the `.await` where it waits, so what must happen
/// in any case has to be in a `Drop`. Fits tasks that may end anywhere.
pub fn while_held(mut subscriber: Subscriber) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    let task = AbortOnDropHandle::new(tokio::spawn(async move {
        while let Some(message) = subscriber.next().await {
            if messages.send(message).await.is_err() {
                break;
            }
        }
        clean_up();
    }));
    sent_by(task, taken)
}
// ANCHOR_END: handle

// ANCHOR: token
/// The stream owns a token's guard. Dropping the stream cancels the token, which wakes every task that
/// waits for it.
///
/// Costs a branch wherever a task waits, and a clone of the token for each task. Fits several tasks,
/// and tasks that have something to do at the end: `forwarding` below is dropped where it waits, and
/// the code after it still runs.
pub fn until_cancelled(mut subscriber: Subscriber) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    let disconnected = CancellationToken::new();
    let guard = disconnected.clone().drop_guard();
    let task = tokio::spawn(async move {
        let forwarding = async {
            while let Some(message) = subscriber.next().await {
                if messages.send(message).await.is_err() {
                    break;
                }
            }
        };
        disconnected.run_until_cancelled(forwarding).await;
        clean_up();
    });
    holding(guard, sent_by(task, taken))
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
