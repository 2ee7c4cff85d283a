//! The calls of one connection, as far as the tap follows them.

use std::collections::BTreeMap;
use std::time::Duration;

use streaming_lab::wire::{Body, Connection, Direction, Frame, Keeps, Part, Witness, describe};

use super::messages::Contents;

/// How many bytes show what a connection is.
const FIRST_BYTES: usize = 4;
/// What a client's first bytes are, and the type of a server's first frame.
const PREFACE: &[u8; FIRST_BYTES] = b"PRI ";
const SETTINGS: u8 = 4;

/// A connection and its open calls.
pub(super) struct Tapped {
    pub witness: Witness,
    pub calls: Calls,
    /// Whether what passes is HTTP/2, as far as is known.
    pub is_read: bool,
    /// The first bytes of each side.
    from_client: Vec<u8>,
    from_server: Vec<u8>,
}

/// The open calls, by their stream.
pub(super) type Calls = BTreeMap<u32, Call>;

/// A call that has not ended.
pub(super) struct Call {
    /// The method.
    pub path: String,
    /// When a frame last passed on its stream.
    pub moved: Duration,
    /// The last one that a program has sent, and when. WINDOW_UPDATE is not one: the HTTP/2 library sends it,
    /// also for a program that is stuck.
    pub last: Frame,
    sent: Duration,
    /// Whether the silence since then has been diagnosed.
    pub is_told: bool,
    requests: Contents,
    responses: Contents,
}

impl Default for Tapped {
    fn default() -> Self {
        Self {
            witness: Witness::new(Keeps::Open),
            calls: Calls::new(),
            is_read: true,
            from_client: Vec::new(),
            from_server: Vec::new(),
        }
    }
}

impl Tapped {
    /// Whether these bytes go on what can be HTTP/2. The client begins with its preface (RFC 9113
    /// section 3.4), and the server with SETTINGS; what begins otherwise has no frames in it.
    pub(super) fn is_http2(&mut self, direction: Direction, bytes: &[u8]) -> bool {
        let first = match direction {
            Direction::ToServer => &mut self.from_client,
            Direction::ToClient => &mut self.from_server,
        };
        let missing = FIRST_BYTES - first.len();
        first.extend_from_slice(&bytes[..missing.min(bytes.len())]);
        let begins_well = match direction {
            Direction::ToServer => PREFACE.starts_with(first),
            Direction::ToClient => first.get(3).is_none_or(|kind| *kind == SETTINGS),
        };
        self.is_read && begins_well
    }

    /// The first bytes that passed in that direction.
    pub(super) fn first(&self, direction: Direction) -> &[u8] {
        match direction {
            Direction::ToServer => &self.from_client,
            Direction::ToClient => &self.from_server,
        }
    }
}

impl Call {
    fn new(path: &str, at: Duration, frame: &Frame) -> Self {
        Self {
            path: path.to_owned(),
            moved: at,
            last: frame.clone(),
            sent: at,
            is_told: false,
            requests: Contents::default(),
            responses: Contents::default(),
        }
    }

    /// A frame of it has passed.
    pub(super) fn moved(&mut self, at: Duration, frame: Frame) {
        self.moved = at;
        if !matches!(frame.body, Body::WindowUpdate(_)) {
            self.last = frame;
            self.sent = at;
        }
        self.is_told = false;
    }

    /// The content of this direction's messages.
    pub(super) fn contents(&mut self, direction: Direction) -> &mut Contents {
        match direction {
            Direction::ToServer => &mut self.requests,
            Direction::ToClient => &mut self.responses,
        }
    }

    /// The last frame that a program has sent, and how long ago that was.
    pub(super) fn sent_last(&self, at: Duration) -> String {
        let ago = at.saturating_sub(self.sent).as_secs_f64();
        let words = describe(&self.last);
        let words: Vec<&str> = words.split_whitespace().collect();
        format!("sent last, {ago:.1} s ago: {}", words.join(" "))
    }
}

/// Notes a call that a frame opens. Returns whether it does.
pub(super) fn opens(calls: &mut Calls, at: Duration, frame: &Frame) -> bool {
    if calls.contains_key(&frame.stream) {
        return false;
    }
    let Body::Headers(headers) = &frame.body else {
        return false;
    };
    let Some(path) = headers.value(":path") else {
        return false;
    };
    let opens = frame.direction == Direction::ToServer;
    if opens {
        calls.insert(frame.stream, Call::new(path, at, frame));
    }
    opens
}

/// Forgets the call of a stream that has ended. Returns how many calls those are.
pub(super) fn forget_ended(calls: &mut Calls, stream: u32, wire: &Connection) -> usize {
    if wire.stream(stream).is_some() {
        return 0;
    }
    usize::from(calls.remove(&stream).is_some())
}

/// How many messages are complete with this frame.
pub(super) fn whole_messages(frame: &Frame) -> u64 {
    let Body::Data { parts, .. } = &frame.body else {
        return 0;
    };
    let ends = |part: &&Part| matches!(part, Part::Whole(_) | Part::Ends(_));
    u64::try_from(parts.iter().filter(ends).count()).unwrap_or(u64::MAX)
}
