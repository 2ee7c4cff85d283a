//! The peers of the exercise: a server with its store, and clients that upload to it.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tonic::Response;
use tonic::transport::{Channel, Server};
use workbook::grade::{AN_INSTANT, Finding, Script, Verdict, ensure, within};
use workbook::lab::Lab;
use workbook::proto::files::FileChunk;
use workbook::proto::files::file_service_client::FileServiceClient;

use super::super::store::Store;
use super::Subject;
use super::answered::Answered;
use super::messages::{file, messages};
use super::uploaded::Uploaded;

/// No upload takes longer than this, unless its client is slow.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// A server with its store, and a client of it.
pub struct Uploads {
    pub lab: Lab,
    pub store: Arc<Store>,
    pub client: FileServiceClient<Channel>,
    answered: Answered,
}

impl Uploads {
    pub async fn to(lab: &Lab, files: Subject) -> Result<Self, Finding> {
        Self::open(lab, Server::builder(), Store::temporary(), files).await
    }

    pub async fn open(
        lab: &Lab,
        server: Server,
        store: Store,
        files: Subject,
    ) -> Result<Self, Finding> {
        let store = Arc::new(store);
        let answered = Answered::of(&store);
        let mut server = server.layer(answered.clone());
        lab.serve(server.add_routes(files(Arc::clone(&store))));
        Ok(Self {
            lab: lab.clone(),
            store,
            answered,
            client: FileServiceClient::new(lab.channel().await?),
        })
    }

    /// Uploads what the script sends, until the call is answered.
    pub async fn upload(&self, sent: Script<FileChunk>) -> Result<Uploaded, Finding> {
        self.upload_within(ANSWERED_WITHIN, sent).await
    }

    /// The same for a client that takes longer.
    pub async fn upload_within(
        &self,
        limit: Duration,
        sent: Script<FileChunk>,
    ) -> Result<Uploaded, Finding> {
        let mut client = self.client.clone();
        let answer = client.upload_file(sent.requests());
        let answer = within(limit, "the call was not answered", answer).await?;
        Ok(Uploaded {
            answer: answer.map(Response::into_inner),
            // Without an answer of the handler, what is there now.
            names: self.answered.take().unwrap_or_else(|| self.store.names()),
            store: Arc::clone(&self.store),
        })
    }

    /// Sends these messages without pauses, and half-closes.
    pub async fn sends(
        &self,
        messages: impl IntoIterator<Item = FileChunk>,
    ) -> Result<Uploaded, Finding> {
        self.upload(Script::new().send_all(messages)).await
    }

    /// A complete upload.
    pub async fn whole(&self, name: &str) -> Result<Uploaded, Finding> {
        self.sends(messages(name, &file())).await
    }

    /// Does this beside an upload that stalls after these messages.
    pub async fn beside<T>(
        &self,
        stalled: impl IntoIterator<Item = FileChunk>,
        work: impl Future<Output = Result<T, Finding>>,
    ) -> Result<T, Finding> {
        let mut client = self.client.clone();
        let stalled = Script::new().send_all(stalled).hold().requests();
        let work = async {
            sleep(AN_INSTANT).await;
            work.await
        };
        tokio::select! {
            biased;
            answer = client.upload_file(stalled) => {
                answer?;
                Err(Finding::seen("an upload that had only stalled got a receipt"))
            }
            done = work => done,
        }
    }

    /// Expects a partial file of at least half of these bytes.
    pub fn holds_partial_of(&self, bytes: usize) -> Verdict {
        let held: usize = self
            .store
            .names()
            .iter()
            .map(|name| self.length(name))
            .sum();
        ensure(held >= bytes / 2, || {
            format!("of {bytes} bytes that had arrived, {held} were in the folder")
        })
    }

    /// Puts a folder into the place of a file. It is not empty, because some systems let a file
    /// replace an empty one.
    pub fn has_a_folder_in_the_way(&self, name: &str) -> Verdict {
        let folder = self.store.folder().join(name).join("in the way");
        Ok(fs::create_dir_all(folder)?)
    }

    fn length(&self, name: &str) -> usize {
        self.store.read(name).map_or(0, |content| content.len())
    }
}
