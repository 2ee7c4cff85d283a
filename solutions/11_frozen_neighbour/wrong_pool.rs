//! Wrong: a pool of connections that take turns, whether or not unread downloads block them.

use std::sync::atomic::{AtomicUsize, Ordering};

use tonic::transport::Channel;
use tonic::{Status, Streaming};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

use super::network::Network;

/// Connections for downloads.
const POOL: usize = 10;

/// The program's connections to its server.
pub struct Client {
    /// Downloads, one connection after the other.
    pool: Vec<Channel>,
    turn: AtomicUsize,
    /// For calls, which must be answered at once.
    calls: Channel,
}

impl Client {
    /// Connects for all of them.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let mut pool = Vec::new();
        for _ in 0..POOL {
            pool.push(network.connect(|endpoint| endpoint).await?);
        }
        let calls = network.connect(|endpoint| endpoint).await?;
        Ok(Self {
            pool,
            turn: AtomicUsize::new(0),
            calls,
        })
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % POOL;
        let mut files = FileServiceClient::new(self.pool[turn].clone());
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
