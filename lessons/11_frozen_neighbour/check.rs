//! Grades the exercise: unread downloads, and the calls and downloads beside them.

#[path = "check/peers.rs"]
mod peers;
#[path = "check/server.rs"]
mod server;

use std::time::Duration;

use futures::future::LocalBoxFuture;
use tokio::time::{Instant, sleep};
use tonic::{Code, Status, Streaming};
use workbook::grade::{AN_INSTANT, Check, Finding, after, count, ended, ensure};
use workbook::proto::files::FileChunk;

use super::network::Network;
use peers::{Program, ends, reads, tasks};
use server::{CHUNK, LATE, REFUSED, refusal};

/// The exercise: connects, and calls.
pub type Subject = fn(Network) -> LocalBoxFuture<'static, Result<Box<dyn Client>, Status>>;

/// The calls of the exercise's client.
#[tonic::async_trait(?Send)]
pub trait Client {
    async fn download(&self, file_id: &str) -> Result<Streaming<FileChunk>, Status>;
    async fn greet(&self, name: &str) -> Result<String, Status>;
}

/// The limits in the exercise's text.
const DOWNLOADS: usize = 20;
const MOST_UNREAD: usize = 4 * 1024 * 1024;

/// Chunks of a file that no window holds.
const LONG_FILE: usize = 300;

/// Chunks of a file that is dropped before its end: more than are read of it.
const MEDIUM_FILE: usize = 40;

/// A connection has two tasks at the client and two at the server.
const TASKS_OF_A_CONNECTION: usize = 4;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub fn check(connect: Subject) -> Check {
    Check::new()
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
            [("a greeting that waits", true), ("a download that waits", false)],
            async move |lab, is_greeting| {
                let program = Program::start(&lab, connect).await?;
                let waits = async {
                    if is_greeting {
                        program.client.greet(LATE).await.map(drop)
                    } else {
                        program.client.download(LATE).await.map(drop)
                    }
                };
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
                    waited = waits => waited.map_err(Into::into),
                }
            },
        )
        .expects("continues a download that is read, beside 19 unread ones")
        .hint("Downloads share a connection with each other, too.")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            let mut wanted = program.download(LONG_FILE).await?;
            let mut unread = Vec::new();
            for _ in 1..DOWNLOADS {
                unread.push(program.download(LONG_FILE).await?);
            }
            lab.sleep(SECOND).await;
            reads(&mut wanted, 0..LONG_FILE).await
        })
        .expects("continues every download of a program that opens and drops many")
        .hint("Which of the open downloads share a window with the new one? And what is given back when \
             one is dropped?")
        .each(
            [
                ("60 downloads of which 10 chunks are read", (60, MEDIUM_FILE, 10)),
            ],
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
        )
        .expects("delivers every chunk of a download that is read late")
        .hint("A download that is not read yet is still wanted: its chunks must arrive when they are read.")
        .each(
            [("after ten minutes", SECOND * 600), ("after a day", DAY)],
            async move |lab, late| {
                let program = Program::start(&lab, connect).await?;
                let mut downloads = Vec::new();
                for _ in 0..3 {
                    downloads.push(program.download(LONG_FILE).await?);
                }
                lab.sleep(late).await;
                for download in &mut downloads {
                    reads(download, 0..LONG_FILE).await?;
                    ends(download).await?;
                }
                Ok(())
            },
        )
        .expects("reads nothing ahead: at most 4 MiB of a file are under way")
        .hint("Reading into a queue frees the connection's window, and fills the memory instead.")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            let mut download = program.download(LONG_FILE).await?;
            for read in [0..0, 0..1, 1..101] {
                let done = read.end;
                reads(&mut download, read).await?;
                lab.sleep(SECOND).await;
                let unread = program.made().saturating_sub(done) * CHUNK;
                count(unread, "bytes of a file that were made and not read").at_most(MOST_UNREAD)?;
            }
            Ok(())
        })
        .expects("closes what it opened, when the downloads and the client are dropped")
        .hint("What still holds a `Channel`, or a task that reads?")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            lab.sleep(SECOND).await;
            let before = tasks(&lab);
            for _ in 0..2 {
                let mut unread = Vec::new();
                for _ in 0..DOWNLOADS / 2 {
                    unread.push(program.download(MEDIUM_FILE).await?);
                }
                lab.sleep(SECOND).await;
                drop(unread);
                sleep(AN_INSTANT).await;
                // One connection may be kept for the next download.
                let more = tasks(&lab).saturating_sub(before);
                count(more, "tasks more than before the downloads, which were all dropped")
                    .at_most(TASKS_OF_A_CONNECTION)?;
                count(lab.open_calls().len(), "calls open after every download was dropped").is(0)?;
            }
            drop(program);
            sleep(AN_INSTANT).await;
            // The server's own is one.
            count(tasks(&lab), "tasks alive after the client was dropped, the server's among them").at_most(1)
        })
        .expects("returns the status of a call that fails")
        .hint("The caller needs the status that the server chose.")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            ended(&program.client.greet(REFUSED).await).as_sent(&refusal())?;
            ended(&program.client.download(REFUSED).await).as_sent(&refusal())
        })
        .expects("returns Unavailable when no server listens")
        .hint("`network.connect` can fail. What does your code do then?")
        .plays(async move |lab| {
            // Connecting may be left to the first call.
            let client = match connect(Network::new(&lab)).await {
                Ok(client) => client,
                Err(status) => return ended(&Err::<(), _>(status)).with(Code::Unavailable),
            };
            ended(&client.greet("Ada").await).with(Code::Unavailable)?;
            ended(&client.download("5").await).with(Code::Unavailable)?;
            ensure(tasks(&lab) == 0, || "a task is left of connections that were never made")
        })
}
