//! What a server of rooms needs, whatever stands behind it: one process, or a broker.

use futures::stream::BoxStream;
use tonic::{Status, async_trait};

/// A message, and its number in its room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub sequence: u64,
    pub text: String,
}

/// A listener's messages. An error is the last item.
pub type Ears = BoxStream<'static, Result<Message, Status>>;

// ANCHOR: trait
/// Rooms: every message once, in the order of its sequence, from any position that is still kept.
#[async_trait]
pub trait Rooms: Send + Sync + 'static {
    /// Returns the message's sequence once it is kept. The same id is the same message.
    async fn say(&self, room: &str, id: &str, text: &str) -> Result<u64, Status>;

    /// The messages behind that sequence; `None` means from now on. `OutOfRange` says that some of them are
    /// not kept any more, or that the room has never had so many.
    async fn listen(&self, room: &str, after: Option<u64>) -> Result<Ears, Status>;
}
// ANCHOR_END: trait

/// The longest name of a room, and the longest id.
const LONGEST: usize = 64;
/// The longest text, in bytes: all that a room keeps fits into one answer of `GetHistory`, which has room for
/// 4 MiB.
const LONGEST_TEXT: usize = 1024;

/// Refuses names that mean something to a broker: in a subject of NATS `.`, `*`, `>` and blanks do.
pub fn is_a_room(name: &str) -> Result<(), Status> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_plain) {
        return Ok(());
    }
    Err(Status::invalid_argument(format!(
        "a room's name has 1 to {LONGEST} small letters, digits and underscores"
    )))
}

/// Refuses what would need more memory than a room has for a message.
pub fn is_a_message(id: &str, text: &str) -> Result<(), Status> {
    if id.len() <= LONGEST && text.len() <= LONGEST_TEXT {
        return Ok(());
    }
    Err(Status::invalid_argument(format!(
        "an id has at most {LONGEST} bytes, and a text {LONGEST_TEXT}"
    )))
}
