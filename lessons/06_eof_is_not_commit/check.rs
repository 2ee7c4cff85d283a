//! Grades the exercise: what is in the store after uploads that end in every way they can.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;
use tonic::{Code, Status};
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::file_service_server::FileServiceServer;
use workbook::proto::files::{FileChunk, Finish, UploadResponse};

use super::exercise::Files;
use super::store::Store;

/// No upload below takes longer than this, in virtual time.
const LONG: Duration = Duration::from_secs(60);

const CHUNKS: [&[u8]; 3] = [b"one, ", b"two, ", b"three"];

/// Chunks that may wait to be sent: all of them.
const WAITING: usize = 8;

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "stores a complete file, and says so",
            "file_id is the file's name, total_size its length in bytes.",
            complete,
        )
        .expects(
            "stores nothing when the stream ends without finish",
            "None says that no more messages come. Who says that there were to be no more?",
            no_finish,
        )
        .expects(
            "stores nothing, whenever the client hangs up",
            "What does message() return when the client has hung up?",
            hangs_up,
        )
        .expects(
            "leaves nothing behind when the connection breaks",
            "`?` returns early. What has to happen on every way out, and who could see to it?",
            breaks,
        )
        .expects(
            "refuses a count that is not right",
            "The client counts, too. What if the two do not agree?",
            wrong_count,
        )
        .expects(
            "refuses data that is not what was sent",
            "The right number of chunks may hold the wrong bytes.",
            wrong_digest,
        )
        .expects(
            "refuses a name that would leave the folder, as InvalidArgument",
            "The store knows which names are bad, and says so. What do you make of its answer?",
            bad_name,
        )
}

/// How the client's half ends, after what it has sent.
#[derive(Clone, Copy, PartialEq)]
enum End {
    HalfClose,
    HangUp,
    Break,
}

/// What an upload came to.
struct Uploaded {
    answer: Option<Result<UploadResponse, Status>>,
    store: Arc<Store>,
}

impl Uploaded {
    /// Whatever was stored must be the whole file, under its name.
    fn is_whole_or_nothing(&self, place: &str) -> Verdict {
        match self.store.names().as_slice() {
            [] => Ok(()),
            [name] if name == "file.bin" => {
                let content = self.store.read("file.bin").unwrap_or_default();
                ensure(content == CHUNKS.concat(), || {
                    format!(
                        "{place}: {} of {} bytes were stored as file.bin",
                        content.len(),
                        CHUNKS.concat().len()
                    )
                })
            }
            other => Err(Finding::seen(format!(
                "{place}: the folder holds {other:?}"
            ))),
        }
    }

    fn is_refused(&self, place: &str, code: Option<Code>) -> Verdict {
        let names = self.store.names();
        match &self.answer {
            Some(Err(status)) if code.is_some_and(|code| code != status.code()) => {
                return Err(Finding::seen(format!(
                    "{place}: failed with {:?}",
                    status.code()
                )));
            }
            Some(Err(_)) => {}
            Some(Ok(_)) => return Err(Finding::seen(format!("{place}: the client got a receipt"))),
            None => return Err(Finding::seen(format!("{place}: the client got no answer"))),
        }
        ensure(names.is_empty(), || {
            format!("{place}: the folder holds {names:?}")
        })
    }
}

async fn complete(lab: Lab) -> Verdict {
    let uploaded = upload(&lab, messages("file.bin"), End::HalfClose).await?;
    match &uploaded.answer {
        Some(Ok(receipt)) => {
            let length = i64::try_from(CHUNKS.concat().len()).unwrap_or(i64::MAX);
            ensure(
                receipt.total_size == length && receipt.file_id == "file.bin",
                || {
                    format!(
                        "the receipt says {:?}, {} bytes",
                        receipt.file_id, receipt.total_size
                    )
                },
            )?;
        }
        Some(Err(status)) => {
            return Err(Finding::seen(format!(
                "failed with {:?} {:?}",
                status.code(),
                status.message()
            )));
        }
        None => return Err(Finding::seen("the client got no answer")),
    }
    ensure(!uploaded.store.names().is_empty(), || {
        "the folder is empty".to_owned()
    })?;
    uploaded.is_whole_or_nothing("a complete upload")
}

async fn no_finish(lab: Lab) -> Verdict {
    for count in 1..=CHUNKS.len() {
        let sent = messages("file.bin").into_iter().take(count).collect();
        let uploaded = upload(&lab, sent, End::HalfClose).await?;
        uploaded.is_refused(&format!("{count} of 3 chunks and the end"), None)?;
    }
    Ok(())
}

async fn hangs_up(lab: Lab) -> Verdict {
    at_every_point(&lab, End::HangUp, "the client hung up").await
}

async fn breaks(lab: Lab) -> Verdict {
    at_every_point(&lab, End::Break, "the connection broke").await
}

async fn at_every_point(lab: &Lab, end: End, what: &str) -> Verdict {
    for count in 0..=CHUNKS.len() + 1 {
        let sent = messages("file.bin").into_iter().take(count).collect();
        let uploaded = upload(lab, sent, end).await?;
        let place = format!("{what} after {count} of 4 messages");
        uploaded.is_whole_or_nothing(&place)?;
        let is_complete = count > CHUNKS.len();
        ensure(is_complete || uploaded.store.names().is_empty(), || {
            format!("{place}, and file.bin was stored")
        })?;
    }
    Ok(())
}

async fn wrong_count(lab: Lab) -> Verdict {
    for chunks in [0, 2, 4] {
        let mut sent = messages("file.bin");
        set_finish(&mut sent, |finish| finish.chunks = chunks);
        let uploaded = upload(&lab, sent, End::HalfClose).await?;
        uploaded.is_refused(&format!("3 chunks, and finish.chunks {chunks}"), None)?;
    }
    Ok(())
}

async fn wrong_digest(lab: Lab) -> Verdict {
    let mut flipped = messages("file.bin");
    if let Some(byte) = flipped[1].data.first_mut() {
        *byte ^= 1;
    }
    let mut no_digest = messages("file.bin");
    set_finish(&mut no_digest, |finish| finish.sha256.clear());
    for (what, sent) in [
        ("a bit flipped on the way", flipped),
        ("an empty digest", no_digest),
    ] {
        upload(&lab, sent, End::HalfClose)
            .await?
            .is_refused(what, None)?;
    }
    Ok(())
}

async fn bad_name(lab: Lab) -> Verdict {
    for name in ["../file.bin", "/tmp/file.bin", "", "nul.txt"] {
        let uploaded = upload(&lab, messages(name), End::HalfClose).await?;
        uploaded.is_refused(&format!("file_name {name:?}"), Some(Code::InvalidArgument))?;
    }
    Ok(())
}

/// Uploads to a fresh server, and lets everything come to rest.
async fn upload(lab: &Lab, sent: Vec<FileChunk>, end: End) -> Result<Uploaded, Finding> {
    let store = Arc::new(Store::temporary());
    let service = FileServiceServer::new(Files {
        store: Arc::clone(&store),
    });
    lab.serve(Server::builder().add_service(service));
    let channel = lab
        .channel()
        .await
        .map_err(|e| Finding::seen(format!("no connection: {e}")))?;
    let mut client = FileServiceClient::new(channel);
    let (chunks, requests) = mpsc::channel(WAITING);
    let call = client.upload_file(ReceiverStream::new(requests));
    let feed = async {
        for chunk in sent {
            // The server may have answered: that is for the answer to say.
            let _ = chunks.send(chunk).await;
        }
        // Everything has arrived after this.
        sleep(Duration::from_millis(10)).await;
        match end {
            End::HalfClose => drop(chunks),
            End::HangUp => return,
            End::Break => lab.cut(),
        }
        std::future::pending().await
    };
    let answer = tokio::select! {
        biased;
        answer = timeout(LONG, call) => answer.ok().map(|answer| answer.map(tonic::Response::into_inner)),
        () = feed => None,
    };
    sleep(Duration::from_secs(1)).await;
    Ok(Uploaded { answer, store })
}

/// Three chunks, and the message that says so.
fn messages(name: &str) -> Vec<FileChunk> {
    let mut messages: Vec<FileChunk> = (0..)
        .zip(CHUNKS)
        .map(|(chunk_number, data)| FileChunk {
            file_name: name.to_owned(),
            data: data.to_vec(),
            chunk_number,
            finish: None,
        })
        .collect();
    let sha256 = Sha256::digest(CHUNKS.concat()).to_vec();
    let finish = Some(Finish { chunks: 3, sha256 });
    messages.push(FileChunk {
        finish,
        ..FileChunk::default()
    });
    messages
}

fn set_finish(messages: &mut [FileChunk], change: impl FnOnce(&mut Finish)) {
    if let Some(finish) = messages.last_mut().and_then(|last| last.finish.as_mut()) {
        change(finish);
    }
}
