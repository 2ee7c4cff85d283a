//! Wrong: a connection for each download, and all of them are kept.

use std::sync::{Mutex, PoisonError};

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
    /// Every connection that was ever made, so that none is closed too early.
    all: Mutex<Vec<Channel>>,
    /// For calls, which must be answered at once.
    calls: Channel,
}

impl Client {
    /// Connects for the calls.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let calls = network.connect(|endpoint| endpoint).await?;
        let all = Mutex::default();
        Ok(Self {
            network,
            all,
            calls,
        })
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        let channel = self.network.connect(|endpoint| endpoint).await?;
        self.all
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(channel.clone());
        let mut files = FileServiceClient::new(channel);
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
