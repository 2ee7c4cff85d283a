//! Which windows a stream's senders wait for (RFC 9113 section 5.2).

use std::fmt;

use super::frame::Direction;
use super::names::grouped;
use super::state::{Connection, Stream};

/// What a window limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// One stream.
    Stream,
    /// All streams of the connection together.
    Connection,
}

/// A window that is used up: its sender can send no DATA until the receiver reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// Which way the DATA would travel.
    pub direction: Direction,
    /// What the window limits.
    pub of: Of,
    /// What is left of it: below zero after SETTINGS have made it smaller.
    pub left: i64,
}

impl Connection {
    /// The windows that keep the senders of `stream` from sending DATA. Only a half that has begun and
    /// not ended can wait for one.
    #[must_use]
    pub fn waits(&self, stream: &Stream) -> Vec<Wait> {
        let halves = [
            (Direction::ToServer, &stream.request),
            (Direction::ToClient, &stream.response),
        ];
        let mut waits = Vec::new();
        for (direction, half) in halves {
            if half.is_used_up() {
                waits.push(Wait {
                    direction,
                    of: Of::Stream,
                    left: half.window,
                });
            }
            let left = self.connection_window(direction);
            if half.is_open() && left <= 0 {
                waits.push(Wait {
                    direction,
                    of: Of::Connection,
                    left,
                });
            }
        }
        waits
    }
}

/// "the server may send 0 more bytes on this stream until the client reads"
impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sender, reader) = match self.direction {
            Direction::ToServer => ("client", "server"),
            Direction::ToClient => ("server", "client"),
        };
        let on = match self.of {
            Of::Stream => "stream",
            Of::Connection => "connection",
        };
        let left = grouped(u64::try_from(self.left).unwrap_or(0));
        write!(
            f,
            "the {sender} may send {left} more bytes on this {on} until the {reader} reads"
        )
    }
}
