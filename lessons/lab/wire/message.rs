//! gRPC messages inside the DATA frames of one stream and direction.
//!
//! A message is a 5-byte prefix (1 byte compressed flag, 4 bytes big-endian length) and its bytes
//! (gRPC over HTTP/2, *Length-Prefixed-Message*). Frames and messages know nothing of each other:
//! one frame may hold many messages, and one message may span many frames.

/// Length of the prefix in bytes.
pub const PREFIX_LENGTH: usize = 5;

/// What a DATA frame holds of one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A whole message, prefix included.
    Whole(Prefix),
    /// The first bytes of a message, prefix complete, and how many of its bytes are here.
    Begins(Prefix, u32),
    /// Bytes in the middle of a message: how many so far, and of how many.
    GoesOn {
        /// Bytes seen so far, this frame included.
        seen: u32,
        /// Bytes that the prefix announced.
        of: u32,
    },
    /// The last bytes of a message that began in an earlier frame.
    Ends(Prefix),
    /// A prefix that is itself cut between two frames.
    CutPrefix,
    /// Bytes of a stream that has ended or was reset, or that is not followed: how many.
    Unread(u32),
}

/// The five bytes before each message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prefix {
    /// The compressed flag: 0 or 1, anything else is an error of the sender.
    pub flag: u8,
    /// The length of the message in bytes.
    pub length: u32,
}

/// Follows the messages of one stream and direction.
#[derive(Debug, Default)]
pub struct Messages {
    prefix: Vec<u8>,
    open: Option<(Prefix, u32)>,
}

impl Messages {
    /// Takes the bytes of one DATA frame, without padding.
    pub fn push(&mut self, mut data: &[u8]) -> Vec<Part> {
        let mut parts = Vec::new();
        while !data.is_empty() {
            if let Some((prefix, seen)) = self.open.take() {
                let here = (prefix.length - seen).min(clamp(data.len()));
                let seen = seen + here;
                data = &data[to_usize(here)..];
                if seen == prefix.length {
                    parts.push(Part::Ends(prefix));
                } else {
                    parts.push(Part::GoesOn {
                        seen,
                        of: prefix.length,
                    });
                    self.open = Some((prefix, seen));
                }
                continue;
            }
            let missing = PREFIX_LENGTH - self.prefix.len();
            let (head, rest) = data.split_at(missing.min(data.len()));
            let split = !self.prefix.is_empty();
            self.prefix.extend_from_slice(head);
            data = rest;
            let [flag, a, b, c, d] = self.prefix[..] else {
                parts.push(Part::CutPrefix);
                break;
            };
            self.prefix.clear();
            let prefix = Prefix {
                flag,
                length: u32::from_be_bytes([a, b, c, d]),
            };
            let here = prefix.length.min(clamp(data.len()));
            data = &data[to_usize(here)..];
            if here < prefix.length {
                parts.push(Part::Begins(prefix, here));
                self.open = Some((prefix, here));
            } else if split {
                parts.push(Part::Ends(prefix));
            } else {
                parts.push(Part::Whole(prefix));
            }
        }
        parts
    }
}

/// A frame is at most 16 MiB, so this never clamps in practice.
fn clamp(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Message lengths are 32 bits, and so is every platform that tokio runs on, at least.
fn to_usize(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}
