//! The fix: streams that may stay unread get a connection of their own.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::FileChunk;

use super::calls::{download, greet};

// ANCHOR: two_channels
/// A channel for streams that may stay unread, and one for calls that must be answered at once.
///
/// Costs a second connection: a handshake, a socket, a keepalive. It is the wrong fix if a stream must
/// go on beside unread ones: all of them still share the window of the first channel's connection.
pub struct TwoChannels {
    bulk: Channel,
    calls: Channel,
}

impl TwoChannels {
    /// Two channels that were *connected* separately. Clones of one channel share one connection.
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
