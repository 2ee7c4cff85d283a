//! What a room, a member and a message may take.

use std::time::Duration;

// ANCHOR: limits
/// The limits of a server's rooms.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Rooms at a time. One that is empty makes way for a new one.
    pub rooms: usize,
    /// Members of one room. Each message goes out once for each of them.
    pub members: usize,
    /// Messages that a room keeps. A member that is further behind has to join again.
    pub kept: usize,
    /// How many of these a member gets that does not say where it was.
    pub history: u64,
    /// Bytes of one message.
    pub text: usize,
    /// Messages of one member in a second.
    pub a_second: u32,
}

/// For one process. A room of 1,000 members that keeps 1,000 messages of 500 bytes is half a megabyte,
/// however many of its members do not read.
pub const LIMITS: Limits = Limits {
    rooms: 100,
    members: 1_000,
    kept: 1_000,
    history: 20,
    text: 500,
    a_second: 5,
};
// ANCHOR_END: limits

/// The largest message of a client that is decoded at all. A token is shorter than this, too.
pub const LARGEST_REQUEST: usize = 4 * 1024;
/// How many names of members one message lists, and how many changes of presence a room remembers.
pub const NAMES: usize = 20;
/// Refusals that wait for their member. One that does not read so many of them is no reader.
pub const REFUSALS: usize = 8;

/// How long a client may take for its first message.
pub const FIRST_WITHIN: Duration = Duration::from_secs(10);
/// How often a member is told who has come and gone, and a member that is far behind is looked for.
pub const PRESENCE: Duration = Duration::from_secs(1);
/// How long a side sends nothing before it sends a sign of life.
pub const BEAT: Duration = Duration::from_secs(10);
/// How long a side may be silent: three signs of life.
pub const SILENCE: Duration = Duration::from_secs(30);
/// How long a token is good for.
pub const TOKEN: Duration = Duration::from_secs(60);

/// Whether this can be the name of a room or of a member: it is printed, logged and sent to all.
pub fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=32).contains(&name.len()) && name.bytes().all(allowed)
}
