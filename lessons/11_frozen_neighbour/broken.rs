//! What goes wrong: everything goes over one connection, and what is not read stays in its window.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

// ANCHOR: one_channel
/// Wrong, as soon as somebody opens streams and does not read them: one channel for everything.
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

pub async fn download(channel: &Channel, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
    let mut files = FileServiceClient::new(channel.clone());
    let file_id = file_id.to_owned();
    let response = files.download_file(DownloadFileRequest { file_id }).await?;
    Ok(response.into_inner())
}

pub async fn greet(channel: &Channel, name: &str) -> Result<String, Status> {
    let mut greeter = GreeterServiceClient::new(channel.clone());
    let name = name.to_owned();
    let response = greeter.say_hi(SayHiRequest { name }).await?;
    Ok(response.into_inner().message)
}
