//! What goes wrong: detached tasks wait for a message that never comes, and do not notice the disconnect.

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use workbook::proto::chat::ChatMessage;

use super::messages::{Messages, WAITING, clean_up};
use super::room::{Publisher, Subscriber};

// ANCHOR: alone
/// Wrong: it checks the result of every `send`, as it should, but in a silent room it never sends.
pub fn until_a_send_fails(mut subscriber: Subscriber) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some(message) = subscriber.next().await {
            if messages.send(message).await.is_err() {
                break;
            }
        }
        clean_up();
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: alone

// ANCHOR: two
/// Wrong: the first task ends with the client's request stream, and does not tell the second. That one
/// ends when a `send` fails, so in a silent room it never does.
pub fn in_two_tasks(
    mut subscriber: Subscriber,
    publisher: Publisher,
    mut incoming: Streaming<ChatMessage>,
) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Ok(Some(message)) = incoming.message().await {
            // The first message only names the member, and has no content to publish.
            if !message.content.is_empty() {
                publisher.publish(&message).await;
            }
        }
    });
    tokio::spawn(async move {
        while let Some(message) = subscriber.next().await {
            if messages.send(message).await.is_err() {
                break;
            }
        }
        clean_up();
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: two
