//! What the broken and the fixed clients share: their first message, and the capacity of their queue.

use workbook::proto::chat::ChatMessage;

/// How many messages the mpsc channel of a client holds.
pub const WAITING: usize = 4;

/// The first message of every client.
pub fn hello() -> ChatMessage {
    ChatMessage {
        user_id: "ada".to_owned(),
        content: "hello".to_owned(),
        ..ChatMessage::default()
    }
}
