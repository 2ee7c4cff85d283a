//! What goes wrong: all calls share one connection, and unread chunks use up its window.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::FileChunk;

use super::calls::{download, greet};

// ANCHOR: one_channel
/// Wrong as soon as the program opens streams and does not read them: one channel for everything.
pub struct OneChannel {
    channel: Channel,
}

impl OneChannel {
    pub fn new(channel: Channel) -> Self {
        Self { channel }
    }

    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        download(&self.channel, file_id).await
    }

    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        greet(&self.channel, name).await
    }
}
// ANCHOR_END: one_channel
