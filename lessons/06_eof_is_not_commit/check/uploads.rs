//! The exercise's peers: clients that end their uploads in different ways.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Server};
use tonic::{Code, Response, Status};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::file_service_server::FileServiceServer;
use workbook::proto::files::{FileChunk, Finish, UploadResponse};

use super::super::exercise::Files;
use super::super::store::Store;

/// No correct upload below takes longer than this, in virtual time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// The chunks of the file: of different sizes, and one of them empty.
pub const CHUNKS: [&[u8]; 4] = [b"one, ", b"", b"two and ", b"three"];

/// How many messages the mpsc channel holds: all of them.
const WAITING: usize = 8;

/// The pause before each message of a client that sends them all at once.
pub const NO_PAUSE: Duration = Duration::ZERO;

/// How the client ends its half of the call, once it has sent its messages.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    HalfClose,
    Cancel,
    Break,
    /// Not at all.
    Open,
}

/// A server with its store, and a client of it.
pub struct Uploads {
    lab: Lab,
    pub store: Arc<Store>,
    client: FileServiceClient<Channel>,
}

impl Uploads {
    pub async fn to(lab: &Lab) -> Result<Self, Finding> {
        Self::to_server(lab, Server::builder()).await
    }

    pub async fn to_server(lab: &Lab, mut server: Server) -> Result<Self, Finding> {
        let store = Arc::new(Store::temporary());
        let files = Files {
            store: Arc::clone(&store),
        };
        lab.serve(server.add_service(FileServiceServer::new(files)));
        let no_connection = |error| Finding::seen(format!("no connection: {error}"));
        let channel = lab.channel().await.map_err(no_connection)?;
        Ok(Self {
            lab: lab.clone(),
            store,
            client: FileServiceClient::new(channel),
        })
    }

    /// Uploads, with a pause before each message, and waits until the server has finished.
    pub async fn upload(&self, sent: Vec<FileChunk>, pause: Duration, end: End) -> Uploaded {
        let (chunks, requests) = mpsc::channel(WAITING);
        let mut client = self.client.clone();
        let answer = {
            let mut call = pin!(timeout(
                ANSWERED_WITHIN,
                client.upload_file(ReceiverStream::new(requests))
            ));
            let produce = async {
                for chunk in sent {
                    sleep(pause).await;
                    // A send fails when the server has answered. The answer is graded below.
                    let _ = chunks.send(chunk).await;
                }
                // Everything has arrived after this.
                sleep(Duration::from_millis(10)).await;
                match end {
                    End::HalfClose => drop(chunks),
                    End::Cancel => return,
                    End::Break => self.lab.cut(),
                    End::Open => {}
                }
                std::future::pending().await
            };
            tokio::select! {
                biased;
                answer = &mut call => answer.ok().map(|answer| answer.map(Response::into_inner)),
                () = produce => None,
            }
        };
        sleep(Duration::from_secs(1)).await;
        Uploaded {
            answer,
            store: Arc::clone(&self.store),
        }
    }

    /// A complete upload, without pauses.
    pub async fn whole(&self, name: &str) -> Uploaded {
        self.upload(messages(name), NO_PAUSE, End::HalfClose).await
    }
}

/// The answer to an upload, and the store that it went to.
pub struct Uploaded {
    pub answer: Option<Result<UploadResponse, Status>>,
    store: Arc<Store>,
}

impl Uploaded {
    /// The client has a receipt, and the file is there.
    pub fn is_stored(&self, place: &str, name: &str) -> Verdict {
        match &self.answer {
            Some(Ok(receipt)) => {
                let length = i64::try_from(CHUNKS.concat().len()).unwrap_or(i64::MAX);
                ensure(
                    receipt.total_size == length && receipt.file_id == name,
                    || {
                        let (id, size) = (&receipt.file_id, receipt.total_size);
                        format!("{place}: the receipt has {id:?}, {size} bytes")
                    },
                )?;
            }
            Some(Err(status)) => {
                let (code, message) = (status.code(), status.message());
                return Err(Finding::seen(format!(
                    "{place}: it failed with {code:?} {message:?}"
                )));
            }
            None => return Err(Finding::seen(format!("{place}: the client got no answer"))),
        }
        let content = self.store.read(name).unwrap_or_default();
        ensure(content == CHUNKS.concat(), || {
            format!(
                "{place}: {} of {} bytes were stored",
                content.len(),
                CHUNKS.concat().len()
            )
        })
    }

    /// A file that was stored must be complete, under its name.
    pub fn is_whole_or_nothing(&self, place: &str) -> Verdict {
        match self.store.names().as_slice() {
            [] => Ok(()),
            [name] if name == "file.bin" => {
                let content = self.store.read("file.bin").unwrap_or_default();
                ensure(content == CHUNKS.concat(), || {
                    let (there, whole) = (content.len(), CHUNKS.concat().len());
                    format!("{place}: {there} bytes were stored as file.bin, which has {whole}")
                })
            }
            other => Err(left(place, other)),
        }
    }

    /// Nothing is there, neither a file nor a part of one.
    pub fn left_nothing(&self, place: &str) -> Verdict {
        match self.store.names().as_slice() {
            [] => Ok(()),
            names => Err(left(place, names)),
        }
    }

    pub fn is_refused(&self, place: &str, code: Option<Code>) -> Verdict {
        match &self.answer {
            Some(Err(status)) if code.is_some_and(|code| code != status.code()) => {
                let code = status.code();
                return Err(Finding::seen(format!("{place}: it failed with {code:?}")));
            }
            Some(Err(_)) => {}
            Some(Ok(_)) => return Err(Finding::seen(format!("{place}: the client got a receipt"))),
            None => return Err(Finding::seen(format!("{place}: the client got no answer"))),
        }
        self.left_nothing(place)
    }
}

fn left(place: &str, names: &[String]) -> Finding {
    let finding = Finding::seen(format!("{place}: the folder holds {names:?}"));
    if names.iter().any(|name| name.ends_with(".partial")) {
        return finding.hint(
            "A partial file is left. A handler ends with an answer, with a `?`, or dropped at an \
             `.await`. What removes the file in each of these cases?",
        );
    }
    finding
}

/// The chunks, and the final message.
pub fn messages(name: &str) -> Vec<FileChunk> {
    let mut messages: Vec<FileChunk> = (0..)
        .zip(CHUNKS)
        .map(|(chunk_number, data)| FileChunk {
            file_name: name.to_owned(),
            data: data.to_vec(),
            chunk_number,
            finish: None,
        })
        .collect();
    let chunks = i32::try_from(CHUNKS.len()).unwrap_or(i32::MAX);
    let sha256 = Sha256::digest(CHUNKS.concat()).to_vec();
    messages.push(FileChunk {
        finish: Some(Finish { chunks, sha256 }),
        ..FileChunk::default()
    });
    messages
}

/// Changes the `finish` of the last message.
pub fn set_finish(messages: &mut [FileChunk], change: impl FnOnce(&mut Finish)) {
    if let Some(finish) = messages.last_mut().and_then(|last| last.finish.as_mut()) {
        change(finish);
    }
}
