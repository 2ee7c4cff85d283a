//! Other protocols than HTTP/2: a scene brings along what reads them.

use super::decode::{Body, Frame};
use super::frame::Direction;

/// Reads one direction of a connection that does not speak HTTP/2.
pub trait Protocol: Send {
    /// Takes the bytes that passed, and returns the frames they complete.
    fn push(&mut self, bytes: &[u8]) -> Vec<Foreign>;
}

/// Makes the reader of one direction, for each connection anew.
pub type Speaks = fn(Direction) -> Box<dyn Protocol>;

/// A frame of another protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// The call that it belongs to; 0 is the connection itself.
    pub call: u32,
    /// Its type's name, as its protocol calls it.
    pub kind: &'static str,
    /// What it says, in words.
    pub meaning: String,
    /// Its length in bytes, its head included.
    pub length: u32,
}

impl Foreign {
    pub(super) fn into_frame(self, direction: Direction) -> Frame {
        Frame {
            direction,
            stream: self.call,
            end_stream: false,
            body: Body::Foreign {
                kind: self.kind.to_owned(),
                meaning: self.meaning,
                length: self.length,
            },
        }
    }
}
