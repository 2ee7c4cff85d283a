//! The cure: what may stand still gets a connection of its own.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::FileChunk;

use super::broken::{download, greet};

// ANCHOR: two_channels
/// A channel for streams that may stand still, and one for calls that may not.
///
/// Costs a second connection: a handshake, a socket, a keepalive. It is the wrong cure when streams
/// stand still that must not: they still share the first channel's window with each other.
pub struct TwoChannels {
    bulk: Channel,
    calls: Channel,
}

impl TwoChannels {
    /// Two channels that were *connected* separately. Clones of one are one connection.
    pub fn new(bulk: Channel, calls: Channel) -> Self {
        Self { bulk, calls }
    }

    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        download(&self.bulk, file_id).await
    }

    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        greet(&self.calls, name).await
    }
}
// ANCHOR_END: two_channels
