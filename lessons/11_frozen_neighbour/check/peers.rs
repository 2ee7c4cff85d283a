//! The program of the exercise: it calls, reads, and expects both to take no time.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;
use tonic::{Status, Streaming};
use workbook::grade::{Finding, Verdict, after, ensure, within};
use workbook::lab::Lab;
use workbook::proto::files::FileChunk;

use super::super::network::Network;
use super::server::router;
use super::{Client, Subject};

/// No call or read below takes longer than this, in virtual time.
const LIMIT: Duration = Duration::from_secs(600);

/// A server, and the exercise's client of it.
pub struct Program {
    pub client: Box<dyn Client>,
    made: Arc<AtomicUsize>,
}

impl Program {
    pub async fn start(lab: &Lab, connect: Subject) -> Result<Self, Finding> {
        let made = Arc::new(AtomicUsize::new(0));
        lab.serve(router(&made));
        let connecting = connect(Network::new(lab));
        let client = within(LIMIT, "the client had not connected", connecting).await??;
        Ok(Self { client, made })
    }

    /// How many chunks the server has made, over all files.
    pub fn made(&self) -> usize {
        self.made.load(Ordering::Relaxed)
    }

    /// Begins to download a file of so many chunks.
    pub async fn download(&self, chunks: usize) -> Result<Streaming<FileChunk>, Finding> {
        let file_id = chunks.to_string();
        let opening = self.client.download(&file_id);
        Ok(within(LIMIT, "a download had not begun", opening).await??)
    }

    /// So many of them, unread.
    pub async fn downloads(
        &self,
        count: usize,
        chunks: usize,
    ) -> Result<Vec<Streaming<FileChunk>>, Finding> {
        let mut unread = Vec::new();
        for _ in 0..count {
            unread.push(self.download(chunks).await?);
        }
        Ok(unread)
    }

    /// Greets, and expects the answer at once.
    pub async fn greets(&self, name: &str) -> Verdict {
        let start = Instant::now();
        let answer = self.client.greet(name);
        let greeting = within(LIMIT, "a greeting had not been answered", answer).await??;
        ensure(greeting == format!("Hi, {name}!"), || {
            format!("greet({name:?}) returned {greeting:?}")
        })?;
        after(start.elapsed(), "a greeting was answered").is(Duration::ZERO)
    }
}

/// Reads these chunks of a file.
pub async fn reads(download: &mut Streaming<FileChunk>, chunks: Range<usize>) -> Verdict {
    for due in chunks {
        let number = next(download, due).await??.map(|chunk| chunk.chunk_number);
        ensure(number == i32::try_from(due).ok(), || match number {
            Some(number) => format!("chunk {number} came instead of chunk {due}"),
            None => format!("a download ended instead of bringing chunk {due}"),
        })?;
    }
    Ok(())
}

/// Expects the end of a file.
pub async fn ends(download: &mut Streaming<FileChunk>) -> Verdict {
    let more = within(LIMIT, "a file had not ended", download.message()).await??;
    ensure(
        more.is_none(),
        || "another chunk came after the last chunk of a file",
    )
}

async fn next(
    download: &mut Streaming<FileChunk>,
    due: usize,
) -> Result<Result<Option<FileChunk>, Status>, Finding> {
    let what = format!("chunk {due} of a download that is read had not come");
    within(LIMIT, &what, download.message()).await
}

/// How many tasks are alive, on both sides of all connections.
pub fn tasks(lab: &Lab) -> usize {
    lab.meter().census().tasks
}
