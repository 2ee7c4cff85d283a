//! What the wire knows of a call on which nothing moves, and the lessons that have such a fault.

use std::fmt;

use streaming_lab::wire::{Direction, Of, Stream, Wait};

/// A fault of the course, as far as frames can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspect {
    /// What it looks like.
    pub words: &'static str,
    /// The numbers of the lessons that show and fix it.
    pub lessons: &'static str,
}

const fn looks(words: &'static str, lessons: &'static str) -> Suspect {
    Suspect { words, lessons }
}

const NEITHER_READS: Suspect = looks("both sides send, and neither reads", "10");
const RESPONSES_UNREAD: Suspect = looks("the client does not read its responses", "09, 10");
const NEIGHBOUR_UNREAD: Suspect = looks(
    "the client does not read another stream of this connection",
    "11",
);
const REQUESTS_UNREAD: Suspect = looks("the server does not read the requests", "09, 10");
const UPLOAD_UNREAD: Suspect = looks(
    "the server does not read another stream of this connection",
    "20",
);
const FIRST_MESSAGE: Suspect = looks("each side waits for the other's first message", "08");
const HALF_CLOSE: Suspect = looks(
    "the handler has not answered, and may wait for the half-close",
    "03, 08",
);
const UNANSWERED: Suspect = looks("the handler has all requests, and has not answered", "15");
const SILENT: Suspect = looks(
    "the server has nothing to send, or is not there any more",
    "17",
);
const REQUEST_UNANSWERED: Suspect = looks(
    "the server has not answered the client's last message",
    "04, 15",
);
const NEXT_REQUEST: Suspect = looks(
    "the client has not gone on after the server's last message",
    "04, 17",
);
const REQUESTS_HELD: Suspect = looks(
    "the server has ended, and the client still holds its request stream",
    "05, 14",
);

/// Every fault that can be suspected, in the order of the page about them.
pub const SUSPECTS: [Suspect; 12] = [
    FIRST_MESSAGE,
    HALF_CLOSE,
    UNANSWERED,
    REQUEST_UNANSWERED,
    NEXT_REQUEST,
    SILENT,
    REQUESTS_HELD,
    NEITHER_READS,
    RESPONSES_UNREAD,
    REQUESTS_UNREAD,
    NEIGHBOUR_UNREAD,
    UPLOAD_UNREAD,
];

/// The fault that a silent call looks like. Full windows say most, then headers that are missing,
/// then who has half-closed, and at last in which direction the last message went.
#[must_use]
pub fn suspect(stream: &Stream, waits: &[Wait], last: Direction) -> Suspect {
    let waits = |direction, of| {
        waits
            .iter()
            .any(|wait| wait.direction == direction && wait.of == of)
    };
    let stream_full = |direction| waits(direction, Of::Stream);
    let full = |direction| stream_full(direction) || waits(direction, Of::Connection);
    let (request, response) = (&stream.request, &stream.response);
    if full(Direction::ToServer) && full(Direction::ToClient) {
        NEITHER_READS
    } else if stream_full(Direction::ToClient) {
        RESPONSES_UNREAD
    } else if full(Direction::ToClient) {
        NEIGHBOUR_UNREAD
    } else if stream_full(Direction::ToServer) {
        REQUESTS_UNREAD
    } else if full(Direction::ToServer) {
        UPLOAD_UNREAD
    } else if response.ended {
        REQUESTS_HELD
    } else if !response.headers && request.ended {
        UNANSWERED
    } else if !response.headers && request.messages == 0 {
        FIRST_MESSAGE
    } else if !response.headers {
        HALF_CLOSE
    } else if request.ended {
        SILENT
    } else {
        match last {
            Direction::ToServer => REQUEST_UNANSWERED,
            Direction::ToClient => NEXT_REQUEST,
        }
    }
}

/// "the client does not read its responses: lessons 09, 10"
impl fmt::Display for Suspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.lessons.contains(',') { "s" } else { "" };
        write!(f, "{}: lesson{s} {}", self.words, self.lessons)
    }
}
