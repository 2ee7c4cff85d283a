//! Grades the exercise: calls and downloads beside unread ones, and then what becomes of a download that is
//! read late, dropped or refused.

#[path = "check/late.rs"]
mod late;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/server.rs"]
mod server;

use std::time::Duration;

use futures::future::{LocalBoxFuture, try_join_all};
use tokio::time::Instant;
use tonic::{Status, Streaming};
use workbook::grade::{Check, Finding, after};
use workbook::proto::files::FileChunk;

use super::network::Network;
use peers::{Program, ends, reads};
use server::LATE;

/// The exercise: connects, and calls.
pub type Subject = fn(Network) -> LocalBoxFuture<'static, Result<Box<dyn Client>, Status>>;

/// The calls of the exercise's client.
#[tonic::async_trait(?Send)]
pub trait Client {
    async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status>;
    async fn greet(&self, name: &str) -> Result<String, Status>;
}

/// The limit in the exercise's text.
const DOWNLOADS: usize = 20;

/// Chunks of a file that no window holds.
const LONG_FILE: usize = 300;

/// Chunks of a file that is dropped before its end: more than are read of it.
const MEDIUM_FILE: usize = 40;

const SECOND: Duration = Duration::from_secs(1);

pub fn check(connect: Subject) -> Check {
    let check = Check::new()
        .expects("greets and downloads")
        .hint("`FileServiceClient::new(channel)`, `GreeterServiceClient::new(channel)`.")
        .each(
            [("Ada", 0), ("Grace Hopper", 1), ("  Zoë ", 5)].map(|case| (format!("for {:?}", case.0), case)),
            async move |lab, (name, chunks)| {
                let program = Program::start(&lab, connect).await?;
                program.greets(name).await?;
                let mut download = program.download(chunks).await?;
                reads(&mut download, 0..chunks).await?;
                ends(&mut download).await
            },
        )
        .expects("greets at once beside unread downloads")
        .hint("What do all streams of one connection share?")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            let mut unread = Vec::new();
            while unread.len() < DOWNLOADS {
                unread.push(program.download(LONG_FILE).await?);
                lab.sleep(SECOND).await;
                let beside = format!("beside {} unread", unread.len());
                program.greets("Ada").await.map_err(|finding| finding.of(&beside))?;
            }
            Ok(())
        })
        .expects("greets and downloads at once while another call waits for the server")
        .hint("What does a call hold while it waits for its answer, and does another call need that?")
        .each(
            [
                ("a greeting that waits", (true, 1)),
                ("a download that waits", (false, 1)),
                ("a hundred greetings that wait", (true, 100)),
            ],
            async move |lab, (is_greeting, calls)| {
                let program = Program::start(&lab, connect).await?;
                let waits = try_join_all((0..calls).map(async |_| {
                    if is_greeting {
                        program.client.greet(LATE).await.map(drop)
                    } else {
                        program.client.download(LATE).await.map(drop)
                    }
                }));
                let goes_on = async {
                    lab.sleep(SECOND).await;
                    program.greets("Ada").await?;
                    let start = Instant::now();
                    reads(&mut program.download(5).await?, 0..5).await?;
                    after(start.elapsed(), "five chunks came").is(Duration::ZERO)
                };
                tokio::select! {
                    biased;
                    done = goes_on => done,
                    waited = waits => waited.map(drop).map_err(Into::into),
                }
            },
        )
        .expects("continues a download that is read, beside 19 unread ones")
        .hint("Downloads share a connection with each other, too.")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            let mut wanted = program.download(LONG_FILE).await?;
            let _unread = program.downloads(DOWNLOADS - 1, LONG_FILE).await?;
            lab.sleep(SECOND).await;
            reads(&mut wanted, 0..LONG_FILE).await
        })
        .expects("continues every download of a program that opens and drops many")
        .hint("Which of the open downloads share a window with the new one? And what is given back when \
             one is dropped?")
        .each(
            [("60 downloads of which 10 chunks are read", (60, MEDIUM_FILE, 10))],
            async move |lab, (downloads, length, chunks)| {
                let program = Program::start(&lab, connect).await?;
                let mut unread = Vec::new();
                for number in 0..downloads {
                    let beside = format!("download {} beside {} unread", number + 1, unread.len());
                    // Every fifth of the first stays open and unread: a pool that takes turns puts them
                    // on one connection, and later a download that is read.
                    let stays_unread = number % 5 == 0 && unread.len() < DOWNLOADS / 2;
                    let length = if stays_unread { LONG_FILE } else { length };
                    let download = async {
                        let mut download = program.download(length).await?;
                        if stays_unread {
                            unread.push(download);
                            return Ok(());
                        }
                        reads(&mut download, 0..chunks).await
                    };
                    download.await.map_err(|finding: Finding| finding.of(&beside))?;
                }
                Ok(())
            },
        );
    late::check(check, connect)
}
