//! Wrong: shares one generated client behind a lock, which is held until a call is answered.

use tokio::sync::Mutex;
use tonic::transport::{Channel, Endpoint};
use tonic::{Status, Streaming};
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{DownloadFileRequest, FileChunk};
use workbook::proto::greeter::SayHiRequest;
use workbook::proto::greeter::greeter_service_client::GreeterServiceClient;

use super::network::Network;

/// What a download may have in flight.
const STREAM_WINDOW: u32 = 256 * 1024;

/// Room for 20 of them, and one to spare.
const CONNECTION_WINDOW: u32 = 21 * STREAM_WINDOW;

/// The program's connections to its server.
pub struct Client {
    /// For downloads, which may stay unread.
    bulk: Channel,
    /// For calls, which must be answered at once.
    calls: Mutex<GreeterServiceClient<Channel>>,
}

impl Client {
    /// Connects twice.
    pub async fn new(network: Network) -> Result<Self, Status> {
        let windows = |endpoint: Endpoint| {
            endpoint
                .initial_stream_window_size(STREAM_WINDOW)
                .initial_connection_window_size(CONNECTION_WINDOW)
        };
        let bulk = network.connect(windows).await?;
        let calls = network.connect(|endpoint| endpoint).await?;
        let calls = Mutex::new(GreeterServiceClient::new(calls));
        Ok(Self { bulk, calls })
    }

    /// Begins to download a file.
    pub async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status> {
        let mut files = FileServiceClient::new(self.bulk.clone());
        let file_id = file_id.to_owned();
        let response = files.download_file(DownloadFileRequest { file_id }).await?;
        Ok(response.into_inner())
    }

    /// Greets.
    pub async fn greet(&self, name: &str) -> Result<String, Status> {
        let mut greeter = self.calls.lock().await;
        let name = name.to_owned();
        let response = greeter.say_hi(SayHiRequest { name }).await?;
        Ok(response.into_inner().message)
    }
}
