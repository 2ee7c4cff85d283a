//! What the hub needs of a broker.

use tonic::{Status, async_trait};

use super::rooms::Ears;

// ANCHOR: trait
/// A log for each room that outlives the servers, and numbers the messages without a gap.
#[async_trait]
pub trait Broker: Send + Sync + 'static {
    /// Returns the message's sequence once the broker keeps it. The same id is the same message.
    async fn publish(&self, room: &str, id: &str, text: &str) -> Result<u64, Status>;

    /// The sequence of the oldest message that is kept, and of the newest.
    async fn state(&self, room: &str) -> Result<(u64, u64), Status>;

    /// The messages from that sequence on. The stream ends with an error when the broker is gone.
    async fn consume(&self, room: &str, from: u64) -> Result<Ears, Status>;
}
// ANCHOR_END: trait
