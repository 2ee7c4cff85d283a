//! From bytes to HTTP/2 frames (RFC 9113 section 4.1), for one direction of a connection.

use std::fmt;

/// What a client sends before its first frame (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Length of a frame header in bytes (RFC 9113 section 4.1).
const HEADER_LENGTH: usize = 9;

/// The longest payload until SETTINGS say otherwise (RFC 9113 section 6.5.2).
const DEFAULT_FRAME_SIZE: usize = 16_384;

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
    /// A header that announces a longer payload than the receiver allows. The receiver closes the
    /// connection (RFC 9113 section 4.2), so nothing after it is read, or kept until it is whole.
    TooLong {
        /// The stream that the frame belongs to.
        stream: u32,
        /// How many bytes it announces.
        length: usize,
        /// How many are allowed.
        longest: usize,
    },
}

/// Cuts a byte stream into frames, however the bytes arrive.
///
/// Only a frame that is cut is kept. Memory is bounded by the largest frame that the receiver allows:
/// 16 KiB unless its SETTINGS say otherwise.
#[derive(Debug)]
pub struct Splitter {
    rest: Vec<u8>,
    expects: Expects,
    longest: usize,
}

#[derive(Debug, PartialEq, Eq)]
enum Expects {
    Preface,
    Frames,
    /// It is not HTTP/2, or not any more.
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
            longest: DEFAULT_FRAME_SIZE,
        }
    }

    /// Obeys SETTINGS_MAX_FRAME_SIZE, which the receiver of the frames has sent.
    pub fn allow_frame_size(&mut self, size: u32) {
        if let Ok(size) = usize::try_from(size) {
            self.longest = size;
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
        while let Some(header) = Header::first_in(&bytes[taken..]) {
            if header.length > self.longest {
                self.expects = Expects::Nothing;
                found(Piece::TooLong {
                    stream: header.stream,
                    length: header.length,
                    longest: self.longest,
                });
                return bytes.len();
            }
            let from = taken + HEADER_LENGTH;
            let Some(payload) = bytes.get(from..from + header.length) else {
                break;
            };
            taken = from + header.length;
            found(Piece::Frame(RawFrame {
                kind: header.kind,
                flags: header.flags,
                stream: header.stream,
                payload,
            }));
        }
        taken
    }
}

/// The nine bytes before each payload.
struct Header {
    length: usize,
    kind: u8,
    flags: u8,
    stream: u32,
}

impl Header {
    /// The header at the beginning of `bytes`, if it is whole.
    fn first_in(bytes: &[u8]) -> Option<Self> {
        let header = bytes.get(..HEADER_LENGTH)?;
        let length = u32::from_be_bytes([0, header[0], header[1], header[2]]);
        Some(Self {
            length: usize::try_from(length).ok()?,
            kind: header[3],
            flags: header[4],
            // The stream's highest bit is reserved and ignored (RFC 9113 section 4.1).
            stream: u32::from_be_bytes([header[5] & 0x7f, header[6], header[7], header[8]]),
        })
    }
}
