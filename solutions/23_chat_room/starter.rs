//! Exercise 23: a chat room.
//!
//! Write `Room` and `Member`. What a member hears is a stream, and its items come in this order:
//! - `Here`, the first item: the names in alphabetical order, how many they are, and the sequence of the newest
//!   message, as all that was when it joined.
//! - The messages behind `after`, or all that are kept: each once, also one that is said while it joins.
//! - From then on each message when it is said, and within a second `Moved`: who has come and gone since the
//!   member was last told. It is not told of itself. `Moved` and messages may come in either order.
//!
//! Sequences count from 1. The room keeps the newest `kept` messages, which is at least one. A position that
//! is not kept any more, or not said yet, is OutOfRange: from `join`, and as an item of a stream whose member
//! has read too slowly. No member makes another one wait.
//!
//! A stay ends, and its name is gone, when the `Member` is dropped: the stream then ends behind what was said
//! until then. When the token expires, whether the stream is read or not, `say` and the stream end with
//! Unauthenticated, and whether it still gives what it had not read is up to you. `join` is never called with a
//! token that has expired. When the same name joins again, the older stay ends with Aborted, and the others are
//! told of nothing. A join that is refused changes nothing.
//!
//! Check it:     cargo run --bin lesson23 -- check

use futures::stream::BoxStream;
use tokio::time::Instant;
use tonic::Status;
use workbook::proto::rooms::FromRoom;

/// What a member hears.
pub type Hears = BoxStream<'static, Result<FromRoom, Status>>;

/// A room. Shared by the handlers of all its members.
pub struct Room {
    kept: usize,
}

impl Room {
    /// A room that keeps that many messages.
    pub fn new(kept: usize) -> Self {
        Self { kept }
    }

    /// Joins, with a token that expires then.
    pub async fn join(
        &self,
        name: &str,
        after: Option<u64>,
        expires: Instant,
    ) -> Result<(Member, Hears), Status> {
        todo!(
            "let {name} join behind {after:?} for {:?}; {} messages are kept",
            expires - Instant::now(),
            self.kept
        )
    }

    /// Who is there now, in alphabetical order.
    pub fn here(&self) -> Vec<String> {
        todo!("the names whose stay has not ended")
    }
}

/// A stay in a room. Dropping it leaves.
pub struct Member {}

impl Member {
    /// Says it to all members; the sequence that it has.
    pub async fn say(&self, text: &str) -> Result<u64, Status> {
        todo!("say {text:?}")
    }

    /// A newer token has come: the stay lasts until then.
    pub fn renew(&self, expires: Instant) {
        todo!("stay for {:?} from now on", expires - Instant::now())
    }
}
