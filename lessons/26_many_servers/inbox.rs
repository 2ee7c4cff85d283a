//! Where the exercise's messages go.

use futures::future::BoxFuture;
use workbook::proto::forum::Heard;

/// Takes messages, and remembers a position that outlives the program.
#[allow(dead_code, reason = "the starter calls none of it yet")]
pub trait Inbox: Send + Sync {
    /// The sequence of the last message that was noted; 0 when there is none.
    fn position(&self) -> u64;

    /// Hands a message over. It takes its time, and it has happened when the future has finished.
    fn hand_over(&self, heard: Heard) -> BoxFuture<'_, ()>;

    /// Notes that the message with this sequence has been handed over, and all before it.
    fn note(&self, sequence: u64);
}
