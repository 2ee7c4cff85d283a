//! From bytes to HTTP/2 frames (RFC 9113 section 4.1), for one direction of a connection.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a client sends before its first frame (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Length of a frame header in bytes (RFC 9113 section 4.1).
const HEADER_LENGTH: usize = 9;

/// Which way a frame travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the client to the server.
    ToServer,
    /// From the server to the client.
    ToClient,
}

impl Direction {
    /// The other way.
    #[must_use]
    pub fn opposite(self) -> Self {
        match self {
            Self::ToServer => Self::ToClient,
            Self::ToClient => Self::ToServer,
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ToServer => "→",
            Self::ToClient => "←",
        })
    }
}

/// A frame as it stands on the wire: its header, and the bytes that the header announces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawFrame {
    /// The frame type's number (RFC 9113 section 6).
    pub kind: u8,
    /// The flags; what they mean depends on the type.
    pub flags: u8,
    /// The stream that the frame belongs to; 0 is the connection itself.
    pub stream: u32,
    /// Everything after the header, padding included.
    pub payload: Vec<u8>,
}

/// What the splitter found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// The client's opening words.
    Preface,
    /// A whole frame.
    Frame(RawFrame),
    /// The first bytes are no HTTP/2 preface: nothing after them can be read as frames.
    NotHttp2,
}

/// Cuts a byte stream into frames, however the bytes arrive.
///
/// Memory is bounded by the largest frame that the 24-bit length can announce, 16 MiB.
#[derive(Debug)]
pub struct Splitter {
    buffer: Vec<u8>,
    state: Expects,
}

#[derive(Debug, PartialEq, Eq)]
enum Expects {
    Preface,
    Frames,
    GivenUp,
}

impl Splitter {
    /// A splitter for one direction; only the client begins with a preface.
    #[must_use]
    pub fn new(direction: Direction) -> Self {
        Self {
            buffer: Vec::new(),
            state: match direction {
                Direction::ToServer => Expects::Preface,
                Direction::ToClient => Expects::Frames,
            },
        }
    }

    /// Takes the bytes that arrived, and returns what they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        if self.state == Expects::GivenUp {
            return pieces;
        }
        self.buffer.extend_from_slice(bytes);
        if self.state == Expects::Preface {
            let seen = self.buffer.len().min(PREFACE.len());
            if self.buffer[..seen] != PREFACE[..seen] {
                self.state = Expects::GivenUp;
                self.buffer = Vec::new();
                pieces.push(Piece::NotHttp2);
                return pieces;
            }
            if seen < PREFACE.len() {
                return pieces;
            }
            self.buffer.drain(..PREFACE.len());
            self.state = Expects::Frames;
            pieces.push(Piece::Preface);
        }
        let mut taken = 0;
        while let Some(frame) = first_frame(&self.buffer[taken..]) {
            taken += HEADER_LENGTH + frame.payload.len();
            pieces.push(Piece::Frame(frame));
        }
        self.buffer.drain(..taken);
        pieces
    }
}

/// The first frame in `bytes`, if it is whole.
fn first_frame(bytes: &[u8]) -> Option<RawFrame> {
    let (header, rest) = bytes.split_at_checked(HEADER_LENGTH)?;
    let length = usize::try_from(u32::from_be_bytes([0, header[0], header[1], header[2]])).ok()?;
    let payload = rest.get(..length)?.to_vec();
    // The stream's highest bit is reserved and ignored (RFC 9113 section 4.1).
    let stream = u32::from_be_bytes([header[5] & 0x7f, header[6], header[7], header[8]]);
    Some(RawFrame {
        kind: header[3],
        flags: header[4],
        stream,
        payload,
    })
}
