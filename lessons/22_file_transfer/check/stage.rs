//! The exercise between a planned server and a file.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tonic::Status;
use tonic::transport::{Channel, Endpoint, Server};
use workbook::grade::{Finding, Verdict, ended, within};
use workbook::lab::Lab;
use workbook::proto::files::transfer_service_client::TransferServiceClient;
use workbook::proto::files::transfer_service_server::TransferServiceServer;

use super::super::source::Source;
use super::act::Act;
use super::given::{Bar, Given};
use super::planned::Planned;
use super::{SECOND, Subject};

/// Longer than any plan takes.
const LONG: Duration = Duration::from_secs(10 * 60);

/// A server with a plan, and a channel to it.
pub struct Stage {
    pub server: Planned,
    channel: Channel,
    upload: Subject,
}

impl Stage {
    pub async fn open(
        lab: &Lab,
        upload: Subject,
        acts: impl IntoIterator<Item = Act>,
    ) -> Result<Self, Finding> {
        let server = Planned::new(lab, acts);
        let service = TransferServiceServer::new(server.clone());
        lab.serve(
            Server::builder()
                .layer(lab.meter().layer())
                .add_service(service),
        );
        let keepalive = |endpoint: Endpoint| {
            endpoint
                .http2_keep_alive_interval(SECOND * 10)
                .keep_alive_timeout(SECOND * 5)
        };
        Ok(Self {
            server,
            channel: lab.channel_with(keepalive).await?,
            upload,
        })
    }

    /// The server holds so many bytes of an earlier upload; all of them are changed by this.
    pub fn that_holds(self, bytes: u64, changed: u8) -> Self {
        self.server.holds(bytes, changed);
        self
    }

    /// Uploads the file.
    pub async fn uploads(
        &self,
        file: &Arc<Given>,
        bar: &Bar,
    ) -> Result<Result<(), Status>, Finding> {
        let end = within(LONG, "it has not returned", self.upload(file, bar)).await?;
        self.server.seen().is_in_place()?;
        Ok(end)
    }

    /// Uploads the file, and expects OK; its bar does not matter.
    pub async fn stores(&self, file: &Arc<Given>) -> Verdict {
        ended(&self.uploads(file, &Bar::default()).await?).well()
    }

    /// Uploads for so long; then the future is dropped.
    pub async fn uploads_for(&self, file: &Arc<Given>, bar: &Bar, time: Duration) -> Verdict {
        match timeout(time, self.upload(file, bar)).await {
            Err(_) => Ok(()),
            Ok(Ok(())) => Err(Finding::seen("it returned Ok, and the file is not stored")),
            Ok(Err(status)) => Err(status.into()),
        }
    }

    /// Uploads until this has happened; then the future is dropped.
    pub async fn uploads_until(
        &self,
        file: &Arc<Given>,
        bar: &Bar,
        happened: impl Future<Output = ()>,
    ) -> Verdict {
        tokio::select! {
            biased;
            () = happened => Ok(()),
            end = self.upload(file, bar) => {
                end?;
                Err(Finding::seen("it returned Ok, and the file is not stored"))
            }
        }
    }

    async fn upload(&self, file: &Arc<Given>, bar: &Bar) -> Result<(), Status> {
        let client = TransferServiceClient::new(self.channel.clone());
        let source = Arc::clone(file) as Arc<dyn Source>;
        (self.upload)(client, "file.bin", source, bar).await
    }
}
