//! What goes wrong: tasks that wait for something that never comes, and nobody who ends them.

use futures::StreamExt as _;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Streaming;
use workbook::proto::chat::ChatMessage;

use super::chat::{Messages, goodbye};
use super::room::{Ears, Mouth};

/// Messages that may wait for the connection.
const WAITING: usize = 1;

// ANCHOR: alone
/// Wrong: looks at every send, as it should. But in a silent room there is nothing to send.
pub fn to_the_room_alone(mut ears: Ears) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Some(message) = ears.next().await {
            if messages.send(Ok(message)).await.is_err() {
                break;
            }
        }
        goodbye();
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: alone

// ANCHOR: two
/// Wrong: one task learns that the client has gone, and keeps it to itself.
pub fn in_two_tasks(mut ears: Ears, mouth: Mouth, mut said: Streaming<ChatMessage>) -> Messages {
    let (messages, taken) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        while let Ok(Some(message)) = said.message().await {
            // Whoever comes in says a name, and that is not for the room.
            if !message.content.is_empty() {
                mouth.say(&message);
            }
        }
    });
    tokio::spawn(async move {
        while let Some(message) = ears.next().await {
            if messages.send(Ok(message)).await.is_err() {
                break;
            }
        }
        goodbye();
    });
    ReceiverStream::new(taken).boxed()
}
// ANCHOR_END: two
