//! What the calls of a planned server do.

use std::time::Duration;

use tonic::{Code, Status};
use workbook::grade::status_with_details;

/// What a call does after it has sent its events.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    /// It ends with a status.
    Fails(Code),
    /// It leaves an event out and goes on.
    Skips,
    /// It brings nothing any more.
    Silent,
    /// Its connection breaks.
    Cut,
    /// Its server crashes and is back at once …
    Restart,
    /// … or after so long.
    Away(Duration),
    /// All packets are lost for 20 s …
    Vanish,
    /// … or those that this host sends.
    VanishFrom(&'static str),
    /// Its server says GOAWAY and then Unavailable; another takes the address.
    GoesAway,
}

/// One call: how many new events it brings, if it is answered at all, and what comes then.
#[derive(Debug, Clone, Copy)]
pub struct Act {
    pub answered: bool,
    pub events: u64,
    pub then: Then,
}

pub fn answered(events: u64, then: Then) -> Act {
    Act {
        answered: true,
        events,
        then,
    }
}

pub fn unanswered(then: Then) -> Act {
    Act {
        answered: false,
        events: 0,
        then,
    }
}

/// How a call ends that fails.
pub fn status(code: Code) -> Status {
    status_with_details(code, "as planned")
}

/// The plan: what the first calls do. The calls after them bring the rest, and end with OK.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub events: u64,
    pub acts: Vec<Act>,
    /// How many old events each call repeats first.
    pub repeats: u64,
    /// How long each event takes …
    pub every: Duration,
    /// … and before the first one, the answer.
    pub answers_after: Duration,
}

impl Plan {
    /// A log of so many events, and what the first calls for it do.
    pub fn of(events: u64, acts: impl Into<Vec<Act>>) -> Self {
        Self {
            events,
            acts: acts.into(),
            ..Self::default()
        }
    }

    pub fn repeats(self, repeats: u64) -> Self {
        Self { repeats, ..self }
    }

    pub fn every(self, every: Duration) -> Self {
        Self { every, ..self }
    }
}

/// Asks for this and gets a call that stays open: the bystander's.
pub const FOR_EVER: u64 = u64::MAX;
