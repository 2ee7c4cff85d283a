//! Uploads of the exercise to a server that records them, and what is expected of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::transport::{Channel, Server};
use workbook::grade::{AN_INSTANT, Finding, Verdict, after, count, ensure, within};
use workbook::lab::Lab;
use workbook::proto::files::FileChunk;
use workbook::proto::files::file_service_client::FileServiceClient;
use workbook::proto::files::file_service_server::FileServiceServer;

use super::super::chunks::{CHUNK, Chunks, UploadError};
use super::Subject;
use super::file::{File, Progress};
use super::results::Uploaded;
use super::server::{Answer, Recorder};

/// No correct upload takes longer than this, unless its file or its server is slower still.
const UPLOADED_WITHIN: Duration = Duration::from_secs(60);

/// The server's window for one call, in bytes: about seventy chunks. So small that a client soon has to
/// wait for a server that does not read, and that h2 does not end the connection before: many small
/// DATA frames that are not read make it send GOAWAY with ENHANCE_YOUR_CALM.
const WINDOW: u32 = 2 * 1024;

const NAME: &str = "file.bin";

pub struct Uploads {
    lab: Lab,
    upload: Subject,
    client: FileServiceClient<Channel>,
    server: Recorder,
    opened: Instant,
}

impl Uploads {
    pub async fn open(lab: &Lab, upload: Subject, answer: Answer) -> Result<Self, Finding> {
        let server = Recorder {
            answer,
            progress: Progress::default(),
            seen: Arc::default(),
        };
        let router = Server::builder()
            .initial_stream_window_size(WINDOW)
            .add_service(FileServiceServer::new(server.clone()));
        lab.serve(router);
        Ok(Self {
            lab: lab.clone(),
            upload,
            client: FileServiceClient::new(lab.channel().await?),
            server,
            opened: Instant::now(),
        })
    }

    /// Uploads the file.
    pub async fn start(&self, file: File) -> Uploaded {
        let reader = file.open(&self.server.progress);
        (self.upload)(self.client.clone(), Chunks::new(NAME, reader)).await
    }

    /// The same, for a file and a server that are not slower than [`UPLOADED_WITHIN`].
    pub async fn run(&self, file: File) -> Result<Uploaded, Finding> {
        let what = "the upload had not returned";
        within(UPLOADED_WITHIN, what, self.start(file)).await
    }

    /// Expects all chunks of a file of that length.
    pub fn have_arrived(&self, length: usize) -> Verdict {
        let content = File::content(length);
        let due = (0..)
            .zip(content.chunks(CHUNK))
            .map(|(chunk_number, data)| FileChunk {
                file_name: NAME.to_owned(),
                data: data.to_vec(),
                chunk_number,
                ..FileChunk::default()
            });
        let seen = self.server.seen();
        for (got, due) in seen.chunks.iter().zip(due) {
            ensure(*got == due, || {
                format!("{got:?} arrived instead of {due:?}")
            })?;
        }
        count(seen.chunks.len(), "chunks that arrived").is(length.div_ceil(CHUNK))
    }

    /// When the first chunk arrived, counted from the beginning of the upload.
    pub fn first_arrived(&self) -> Result<Duration, Finding> {
        let first = self.server.seen().first;
        let first = first.ok_or_else(|| Finding::seen("no chunk arrived"))?;
        Ok(first - self.opened)
    }

    /// Expects that, a minute later, no chunk has been read since the server's answer.
    pub async fn read_nothing_more(&self) -> Verdict {
        sleep(Duration::from_secs(60)).await;
        let (_, by_then) = self.server_answered()?;
        let more = self.server.progress.chunks() - by_then;
        // One read may have been under way.
        count(
            more.saturating_sub(1),
            "chunks read after the server's answer",
        )
        .is(0)
    }

    pub fn returned_at_once(&self) -> Verdict {
        let (when, _) = self.server_answered()?;
        after(when.elapsed(), "the upload returned the answer").at_most(Duration::ZERO)
    }

    fn server_answered(&self) -> Result<(Instant, usize), Finding> {
        let answered = self.server.seen().answered;
        answered.ok_or_else(|| Finding::seen("the upload returned before the server had answered"))
    }

    /// Expects that the file is closed, and the call over, in the instant of the return.
    pub async fn left_nothing(&self) -> Verdict {
        self.closed_the_file().await?;
        let calls = self.lab.open_calls();
        ensure(calls.is_empty(), || {
            format!("the call was still open: {calls}")
        })
    }

    pub async fn closed_the_file(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        let hint = "The upload has returned. What of it still runs?";
        let open = count(self.server.progress.open.alive(), "files still open").is(0);
        open.map_err(|finding| finding.hint(hint))
    }

    pub fn was_not_half_closed(&self) -> Verdict {
        let half_closed = self.lab.calls().iter().any(|call| call.request.ended);
        ensure(
            !half_closed,
            || "the call was half-closed, which the server takes for a whole file",
        )
    }

    /// Breaks the connection so long after the beginning, and expects the call's status at once.
    pub async fn breaks(&self, file: File, when: Duration) -> Verdict {
        let cut = async {
            sleep(when).await;
            self.lab.cut();
            Instant::now()
        };
        let (result, cut) = tokio::join!(self.run(file), cut);
        after(cut.elapsed(), "the upload returned").at_most(Duration::ZERO)?;
        ensure(
            matches!(result?, Err(UploadError::Call(_))),
            || "the upload did not return the status of the call",
        )
    }

    /// How many chunks have been read and not sent so long after the beginning.
    pub async fn held_after(&self, file: File, when: Duration) -> usize {
        // The server does not answer before that, so the upload cannot have ended.
        let _ = timeout(when, self.start(file)).await;
        let sent: u64 = self
            .lab
            .calls()
            .iter()
            .map(|call| call.request.messages)
            .sum();
        let read = self.server.progress.chunks();
        read.saturating_sub(usize::try_from(sent).unwrap_or(usize::MAX))
    }
}
