//! An inbox, and what it has been given.

use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;
use workbook::grade::{Verdict, ensure, sequence};
use workbook::proto::events::Event;

use super::super::inbox::Inbox;
use super::ledger::lock;

/// An inbox that lives longer than a follower.
#[derive(Default)]
pub struct Kept {
    state: Mutex<State>,
    /// How long it takes to hand an event over.
    takes: Duration,
}

#[derive(Default)]
struct State {
    handed: Vec<u64>,
    noted: u64,
    too_early: Option<u64>,
}

impl Kept {
    /// Everything up to this event was handed over and noted before.
    pub fn up_to(number: u64) -> Self {
        let kept = Self::default();
        let mut state = lock(&kept.state);
        (state.handed, state.noted) = ((1..=number).collect(), number);
        drop(state);
        kept
    }

    /// It takes so long for each event.
    pub fn that_takes(takes: Duration) -> Self {
        Self {
            takes,
            ..Self::default()
        }
    }

    /// Expects every event up to this one, once and in order, each noted and none too early.
    pub fn has_all_to(&self, last: u64) -> Verdict {
        self.was_noted_in_time()?;
        let state = lock(&self.state);
        let all: Vec<u64> = (1..=last).collect();
        sequence(&state.handed, "event").is(&all)?;
        ensure(state.noted == last, || {
            format!(
                "{last} events were handed over, and {} is noted",
                state.noted
            )
        })
    }

    /// Expects no event to be noted that was not handed over.
    pub fn was_noted_in_time(&self) -> Verdict {
        let too_early = lock(&self.state).too_early;
        ensure(too_early.is_none(), || {
            let number = too_early.unwrap_or_default();
            format!("event {number} was noted and had not been handed over")
        })
    }
}

impl Inbox for Kept {
    fn position(&self) -> u64 {
        lock(&self.state).noted
    }

    fn hand_over(&self, event: Event) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if !self.takes.is_zero() {
                sleep(self.takes).await;
            }
            lock(&self.state).handed.push(event.number);
        })
    }

    fn note(&self, number: u64) {
        let mut state = lock(&self.state);
        if state.handed.last() < Some(&number) {
            state.too_early.get_or_insert(number);
        }
        state.noted = number;
    }
}
