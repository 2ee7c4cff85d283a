//! The peers of the exercise: a server with its store, and clients that upload to it.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::transport::{Channel, Server};
use tonic::{Code, Response, Status};
use workbook::grade::{AN_INSTANT, Finding, Script, Verdict, ended, ensure, within};
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::{FileChunk, UploadResponse};

use super::super::store::Store;
use super::Subject;
use super::messages::{CHUNKS, file, messages};

/// No upload takes longer than this, unless its client is slow.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// How an upload is cut short.
#[derive(Debug, Clone, Copy)]
pub enum Cut {
    /// The client drops the call.
    Cancel,
    /// Its connection breaks.
    Break,
}

/// A server with its store, and a client of it.
pub struct Uploads {
    lab: Lab,
    store: Arc<Store>,
    client: FileServiceClient<Channel>,
}

impl Uploads {
    pub async fn to(lab: &Lab, files: Subject) -> Result<Self, Finding> {
        Self::open(lab, Server::builder(), Store::temporary(), files).await
    }

    pub async fn open(
        lab: &Lab,
        mut server: Server,
        store: Store,
        files: Subject,
    ) -> Result<Self, Finding> {
        let store = Arc::new(store);
        lab.serve(server.add_routes(files(Arc::clone(&store))));
        Ok(Self {
            lab: lab.clone(),
            store,
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
            // What is there in this instant, while the client's half may still be open.
            names: self.store.names(),
            store: Arc::clone(&self.store),
        })
    }

    /// A complete upload, without pauses.
    pub async fn whole(&self, name: &str) -> Result<Uploaded, Finding> {
        self.upload(Script::new().send_all(messages(name, &file())))
            .await
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

    /// Sends so many messages of an upload and cuts it, and expects the file whole or not at all.
    pub async fn cut(&self, cut: Cut, sent: usize) -> Verdict {
        let some = messages("file.bin", &file()).into_iter().take(sent);
        let mut client = self.client.clone();
        let call = client.upload_file(Script::new().send_all(some).hold().requests());
        let answer = match cut {
            Cut::Cancel => timeout(AN_INSTANT, call).await.ok(),
            Cut::Break => {
                let breaks = async {
                    sleep(AN_INSTANT).await;
                    self.lab.cut();
                };
                Some(tokio::join!(call, breaks).0)
            }
        };
        sleep(AN_INSTANT).await;
        match self.store.names().as_slice() {
            [] => ensure(
                !matches!(answer, Some(Ok(_))),
                || "the client got a receipt, and there is no file",
            ),
            [name] if name == "file.bin" && sent > CHUNKS => self.holds("file.bin", &file()),
            names => Err(left(names)),
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

    fn holds(&self, name: &str, chunks: &[Vec<u8>]) -> Verdict {
        holds(&self.store, name, chunks)
    }
}

/// The answer to an upload, and what was in the store when it came.
pub struct Uploaded {
    answer: Result<UploadResponse, Status>,
    names: Vec<String>,
    store: Arc<Store>,
}

impl Uploaded {
    /// The client has a receipt, and the file is there.
    pub fn is_stored(&self, name: &str, chunks: &[Vec<u8>]) -> Verdict {
        ended(&self.answer).well()?;
        if let Ok(receipt) = &self.answer {
            let (id, size) = (&receipt.file_id, receipt.total_size);
            let length = i64::try_from(chunks.concat().len()).unwrap_or(i64::MAX);
            ensure(id == name && size == length, || {
                format!("the receipt has {id:?} and {size} bytes instead of {name:?} and {length}")
            })?;
        }
        ensure(self.names.iter().any(|there| there == name), || {
            format!(
                "the client had a receipt, and the folder held {:?}",
                self.names
            )
        })?;
        holds(&self.store, name, chunks)
    }

    /// The client has an error, and nothing is left.
    pub fn is_refused(&self) -> Verdict {
        self.failed()?;
        match self.names.as_slice() {
            [] => Ok(()),
            names => Err(left(names)),
        }
    }

    /// The same with this code.
    pub fn is_refused_with(&self, code: Code) -> Verdict {
        ended(&self.answer).with(code)?;
        self.is_refused()
    }

    /// The client has an error, and this older file is there, as it was.
    pub fn failed_and_left(&self, name: &str, chunks: &[Vec<u8>]) -> Verdict {
        self.failed_and_left_only(name)?;
        holds(&self.store, name, chunks)
    }

    /// The client has an error, and nothing else is there.
    pub fn failed_and_left_only(&self, name: &str) -> Verdict {
        self.failed()?;
        ensure(self.names == [name], || {
            format!("the folder holds {:?} instead of {name:?}", self.names)
        })
    }

    fn failed(&self) -> Verdict {
        ensure(self.answer.is_err(), || "the client got a receipt")
    }
}

fn holds(store: &Store, name: &str, chunks: &[Vec<u8>]) -> Verdict {
    let (content, whole) = (store.read(name).unwrap_or_default(), chunks.concat());
    ensure(content == whole, || match (content.len(), whole.len()) {
        (held, whole) if held == whole => format!("other bytes than sent were stored as {name}"),
        (held, whole) => format!("{held} of {whole} bytes were stored as {name}"),
    })
}

fn left(names: &[String]) -> Finding {
    let finding = Finding::seen(format!("the folder holds {names:?}"));
    if names.iter().any(|name| name.ends_with(".partial")) {
        return finding.hint(
            "A partial file is left. A handler ends with an answer, with a `?`, or dropped at an \
             `.await`. What removes the file in each of these cases?",
        );
    }
    finding
}
