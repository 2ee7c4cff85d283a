//! Where the exercise's events go.

use futures::future::BoxFuture;
use workbook::proto::events::Event;

/// Takes events, and remembers a position that outlives the program.
#[allow(dead_code, reason = "the starter calls none of it yet")]
pub trait Inbox: Send + Sync {
    /// The number of the last event that was noted; 0 when there is none.
    fn position(&self) -> u64;

    /// Hands an event over. It takes its time, and it has happened when the future has finished.
    fn hand_over(&self, event: Event) -> BoxFuture<'_, ()>;

    /// Notes that this event has been handed over, and all before it.
    fn note(&self, number: u64);
}
