//! Wrong: downloads over the connection of the greetings when it cannot make another.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

use super::network::Network;

/// The program's connections to its server.
pub struct Client {
    network: Network,
    calls: Channel,
}

impl Client {
    /// Connects.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let calls = network.connect(|endpoint| endpoint).await?;
        Ok(Self { network, calls })
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        // A connection of its own. It stays open for as long as the stream does.
        let channel = match self.network.connect(|endpoint| endpoint).await {
            Ok(channel) => channel,
            // Better a shared connection than no file at all.
            Err(_) => self.calls.clone(),
        };
        download(channel, file_id.to_owned()).await
    }

    /// Greets.
    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        greet(self.calls.clone(), name.to_owned()).await
    }
}

async fn download(channel: Channel, file_id: String) -> Result<Streaming<FileChunk>, Status> {
    let mut files = FileServiceClient::new(channel);
    let response = files.download_file(DownloadFileRequest { file_id }).await?;
    Ok(response.into_inner())
}

async fn greet(channel: Channel, name: String) -> Result<String, Status> {
    let mut greeter = GreeterServiceClient::new(channel);
    let response = greeter.say_hi(SayHiRequest { name }).await?;
    Ok(response.into_inner().message)
}
