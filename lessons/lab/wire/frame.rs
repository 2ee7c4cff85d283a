//! From bytes to HTTP/2 frames (RFC 9113 section 4.1), for one direction of a connection.

use std::fmt;

/// What a client sends before its first frame (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Length of a frame header in bytes (RFC 9113 section 4.1).
const HEADER_LENGTH: usize = 9;

/// Which way a frame travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

/// A frame as it is sent: its header, and the bytes that the header announces. They are borrowed: most
/// of them are messages, of which only the prefix is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFrame<'a> {
    /// The frame type's number (RFC 9113 section 6).
    pub kind: u8,
    /// The flags; what they mean depends on the type.
    pub flags: u8,
    /// The stream that the frame belongs to; 0 is the connection itself.
    pub stream: u32,
    /// Everything after the header, padding included.
    pub payload: &'a [u8],
}

/// What the splitter found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// The client's opening words.
    Preface,
    /// A whole frame.
    Frame(RawFrame<'a>),
    /// The first bytes are no HTTP/2 preface: nothing after them can be read as frames.
    NotHttp2,
}

/// Cuts a byte stream into frames, however the bytes arrive.
///
/// Only a frame that is cut is kept. Memory is bounded by the largest frame that the 24-bit length can
/// announce, 16 MiB.
#[derive(Debug)]
pub struct Splitter {
    rest: Vec<u8>,
    expects: Expects,
}

#[derive(Debug, PartialEq, Eq)]
enum Expects {
    Preface,
    Frames,
    /// It is not HTTP/2.
    Nothing,
}

impl Splitter {
    /// A splitter for one direction; only the client begins with a preface.
    #[must_use]
    pub fn new(direction: Direction) -> Self {
        Self {
            rest: Vec::new(),
            expects: match direction {
                Direction::ToServer => Expects::Preface,
                Direction::ToClient => Expects::Frames,
            },
        }
    }

    /// Takes the bytes that arrived, and calls `found` with what they complete.
    pub fn push(&mut self, bytes: &[u8], mut found: impl FnMut(Piece<'_>)) {
        if self.rest.is_empty() {
            let taken = self.split(bytes, &mut found);
            self.rest.extend_from_slice(&bytes[taken..]);
        } else {
            let mut all = std::mem::take(&mut self.rest);
            all.extend_from_slice(bytes);
            let taken = self.split(&all, &mut found);
            all.drain(..taken);
            self.rest = all;
        }
    }

    /// How many of the bytes are done with.
    fn split(&mut self, bytes: &[u8], found: &mut impl FnMut(Piece<'_>)) -> usize {
        let mut taken = 0;
        if self.expects == Expects::Preface {
            let seen = bytes.len().min(PREFACE.len());
            if bytes[..seen] != PREFACE[..seen] {
                self.expects = Expects::Nothing;
                found(Piece::NotHttp2);
            } else if seen == PREFACE.len() {
                self.expects = Expects::Frames;
                found(Piece::Preface);
                taken = PREFACE.len();
            } else {
                return 0;
            }
        }
        if self.expects == Expects::Nothing {
            return bytes.len();
        }
        while let Some(frame) = first_frame(&bytes[taken..]) {
            taken += HEADER_LENGTH + frame.payload.len();
            found(Piece::Frame(frame));
        }
        taken
    }
}

/// The first frame in `bytes`, if it is whole.
fn first_frame(bytes: &[u8]) -> Option<RawFrame<'_>> {
    let (header, rest) = bytes.split_at_checked(HEADER_LENGTH)?;
    let length = usize::try_from(u32::from_be_bytes([0, header[0], header[1], header[2]])).ok()?;
    let payload = rest.get(..length)?;
    // The stream's highest bit is reserved and ignored (RFC 9113 section 4.1).
    let stream = u32::from_be_bytes([header[5] & 0x7f, header[6], header[7], header[8]]);
    Some(RawFrame {
        kind: header[3],
        flags: header[4],
        stream,
        payload,
    })
}
