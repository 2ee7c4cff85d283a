//! A stream that makes its items itself, without a task and an mpsc channel.

use futures::stream::{self, StreamExt as _};
use tonic::Status;
use tracing::info;

use super::producer::{Ending, Replies, number};

// ANCHOR: inline
/// Three numbers, and the end that was asked for.
pub fn replies(ending: Ending) -> Replies {
    let numbers = stream::iter(1..=3).map(|value| {
        info!(sent = value, "sends {value}");
        Ok(number(value))
    });
    let last = stream::iter(Some(ending)).filter_map(|ending| async move {
        match ending {
            Ending::End => None,
            Ending::Error => Some(Err(Status::data_loss(
                "the rest of the numbers cannot be read",
            ))),
            Ending::Panic => panic!("the fourth number does not exist"),
        }
    });
    numbers.chain(last).boxed()
}
// ANCHOR_END: inline
