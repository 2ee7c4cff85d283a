//! What the two sides say: lines of a user, and messages of the server's.

use std::time::Duration;

use workbook::grade::Script;
use workbook::proto::chat::ChatMessage;

/// A message of the server's, with every field set.
pub fn said(content: &str) -> ChatMessage {
    ChatMessage {
        user_id: "server".to_owned(),
        content: content.to_owned(),
        timestamp: 1_700_000_000,
        room_id: "hall".to_owned(),
    }
}

/// What the server receives for a line.
pub fn line_of(user_id: &str, content: &str) -> ChatMessage {
    ChatMessage {
        user_id: user_id.to_owned(),
        content: content.to_owned(),
        room_id: "lobby".to_owned(),
        ..ChatMessage::default()
    }
}

/// A line after so long, and then neither another nor an end, like a user who stops typing.
pub fn falls_silent(after: Duration) -> Script<String> {
    line_after(after).hold()
}

/// One line after so long, and then the end.
pub fn line_after(after: Duration) -> Script<String> {
    Script::new().wait(after).send("hello".to_owned())
}

/// The texts of three lines, or of three messages of the server's.
pub const THREE: [&str; 3] = ["one", "two", "three"];

/// The lines of a user who types at a steady pace, with this pause before each.
pub fn lines_every(pause: Duration) -> Script<String> {
    Script::new().every(pause, THREE.map(str::to_owned))
}

/// Far more than both windows hold.
pub fn long_lines() -> Script<String> {
    Script::new().send_all(std::iter::repeat_n("x".repeat(1000), 200))
}
