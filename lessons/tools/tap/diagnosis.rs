//! What the wire knows of a call on which nothing moves, and the lessons that have such a fault.

use std::fmt;

use streaming_lab::wire::{Direction, Of, Stream, Wait};

/// A fault of the course, as far as frames can show it.
#[derive(Debug, PartialEq, Eq)]
pub struct Suspect {
    /// What it looks like.
    pub words: &'static str,
    /// The numbers of the lessons that show and fix it.
    pub lessons: &'static str,
}

/// The fault that a silent call looks like. Full windows say most, then headers that are missing,
/// and at last who has half-closed.
#[must_use]
pub fn suspect(stream: &Stream, waits: &[Wait]) -> Suspect {
    let waits = |direction, of| {
        waits
            .iter()
            .any(|wait| wait.direction == direction && wait.of == of)
    };
    let stream_full = |direction| waits(direction, Of::Stream);
    let full = |direction| stream_full(direction) || waits(direction, Of::Connection);
    let (request, response) = (&stream.request, &stream.response);
    let (words, lessons) = if full(Direction::ToServer) && full(Direction::ToClient) {
        ("both sides send, and neither reads", "10")
    } else if stream_full(Direction::ToClient) {
        ("the client does not read its responses", "09, 10")
    } else if full(Direction::ToClient) {
        (
            "the client does not read another stream of this connection",
            "11",
        )
    } else if stream_full(Direction::ToServer) {
        ("the server does not read the requests", "09, 10")
    } else if full(Direction::ToServer) {
        (
            "the server does not read another stream of this connection",
            "20",
        )
    } else if response.ended {
        (
            "the server has ended, and the client still holds its request stream",
            "05, 14",
        )
    } else if !response.headers && request.ended {
        ("the handler has all requests, and has not answered", "15")
    } else if !response.headers && request.messages == 0 {
        ("each side waits for the other's first message", "08")
    } else if !response.headers {
        (
            "the handler has not answered, and may wait for the half-close",
            "03, 08",
        )
    } else if request.ended {
        (
            "the server has nothing to send, or is not there any more",
            "17",
        )
    } else {
        ("each side waits for the other's next message", "04, 17")
    };
    Suspect { words, lessons }
}

/// "the client does not read its responses: lessons 09, 10"
impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.lessons.contains(',') { "s" } else { "" };
        write!(f, "{}: lesson{s} {}", self.words, self.lessons)
    }
}
