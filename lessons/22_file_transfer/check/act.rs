//! The plan of a server: what each call does.

use std::time::Duration;

use tonic::{Code, Status};
use workbook::grade::status_with_details;

/// How a call goes on.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// It fails.
    Fails(Code),
    /// It ends with OK.
    Ends,
    /// Its connection breaks.
    Cut,
    /// All packets are lost, for 20 s.
    Vanish,
    /// It neither reads nor answers any more.
    Holds,
    /// It compares, and stores the file after so long.
    StoresAfter(Duration),
    /// It stores the file, and then the call fails.
    StoresAndFails(Code),
    /// It stores the file, and does not end the call.
    StoresAndHolds,
}

/// One call: whether it is answered, how many pieces it takes, what comes then, and how many bytes the
/// server does not hold any more when the next one comes.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    pub(super) answers: bool,
    pub(super) pieces: usize,
    pub(super) then: Then,
    pub(super) forgets: usize,
    pub(super) every: Duration,
}

impl Act {
    /// It takes so long for each piece.
    pub fn every(self, every: Duration) -> Self {
        Self { every, ..self }
    }

    pub fn and_forgets(self, forgets: usize) -> Self {
        Self { forgets, ..self }
    }
}

impl Default for Act {
    fn default() -> Self {
        after_pieces(usize::MAX, Then::StoresAfter(Duration::ZERO))
    }
}

pub fn unanswered(then: Then) -> Act {
    Act {
        answers: false,
        ..after_pieces(0, then)
    }
}

/// `usize::MAX` pieces are all of them, and the end.
pub fn after_pieces(pieces: usize, then: Then) -> Act {
    Act {
        answers: true,
        pieces,
        then,
        forgets: 0,
        every: Duration::ZERO,
    }
}

pub fn status(code: Code) -> Status {
    status_with_details(code, "as planned")
}
