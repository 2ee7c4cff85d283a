//! What the clients of this lesson share: their messages, and how many may wait.

use workbook::proto::chat::ChatMessage;

/// Messages that may wait to be sent.
pub const WAITING: usize = 4;

pub fn says(text: &str) -> ChatMessage {
    ChatMessage {
        content: text.to_owned(),
        ..ChatMessage::default()
    }
}
