//! The messages of this lesson, large and small.

use workbook::proto::chat::ChatMessage;

/// A message of 1 KiB.
pub fn message() -> ChatMessage {
    ChatMessage {
        content: "x".repeat(1024),
        ..ChatMessage::default()
    }
}

/// A message of a few bytes: 100,000 of them take little time.
pub fn small() -> ChatMessage {
    ChatMessage {
        content: "x".to_owned(),
        ..ChatMessage::default()
    }
}
