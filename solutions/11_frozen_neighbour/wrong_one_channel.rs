//! Wrong: one connection for everything.

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

use super::network::Network;

/// The program's connections to its server.
pub struct Client {
    calls: Channel,
}

impl Client {
    /// Connects.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let calls = network.connect(|endpoint| endpoint).await?;
        Ok(Self { calls })
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        let mut files = FileServiceClient::new(self.calls.clone());
        let file_id = file_id.to_owned();
        let response = files.download_file(DownloadFileRequest { file_id }).await?;
        Ok(response.into_inner())
    }

    /// Greets.
    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        let mut greeter = GreeterServiceClient::new(self.calls.clone());
        let name = name.to_owned();
        let response = greeter.say_hi(SayHiRequest { name }).await?;
        Ok(response.into_inner().message)
    }
}
