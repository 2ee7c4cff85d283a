//! Grades the exercise: clients that read fast, slowly or not at all, and how many chunks are made meanwhile.

#[path = "check/file.rs"]
mod file;
#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use futures::stream::BoxStream;
use tokio::time::Instant;
use tonic::Status;
use tonic::transport::{Endpoint, Server};
use workbook::grade::{Check, after, count, ensure};
use workbook::proto::files::FileChunk;

use file::{CountedFile, VERY_LONG};
use peers::{Disconnect, Site, downloads};

/// The exercise: both ends of a connection, and the response stream of a file.
#[derive(Clone, Copy)]
pub struct Subject {
    pub client: fn(Endpoint) -> Endpoint,
    pub server: fn(Server) -> Server,
    pub chunks: fn(Source) -> BoxStream<'static, Result<FileChunk, Status>>,
}

/// A file: it makes each chunk when it is asked for it.
pub type Source = Box<dyn Iterator<Item = FileChunk> + Send>;

/// The limit in the exercise's text.
const MOST_IN_FLIGHT: usize = 30;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

pub fn check(subject: Subject) -> Check {
    Check::new()
        .expects("every chunk arrives, in order, and then the end")
        .hint("When the channel is full, `send` waits and `try_send` fails. Which of them keeps the message? \
             And what ends the stream?")
        .each(
            [0, 1, 30, 500, 5_000].map(|chunks| (format!("a file of {chunks} chunks"), chunks)),
            async move |lab, chunks| {
                let (_, mut reader) = downloads(&lab, subject, CountedFile::varied(chunks)).await?;
                // The reader pauses from time to time, so that chunks pile up.
                for pause in [7, 50, 300, 4_000] {
                    reader.reads_up_to(pause.min(chunks)).await?;
                    lab.sleep(SECOND).await;
                }
                reader.reads_up_to(chunks).await?;
                reader.ends().await
            },
        )
        .expects("makes at most 30 chunks for a client that reads nothing")
        .hint("Count the places where a chunk can wait: your channel, tonic's buffer, a window. Whose \
             window is it?")
        .plays(async move |lab| {
            let (file, _unread) = downloads(&lab, subject, CountedFile::of(VERY_LONG)).await?;
            lab.sleep(MINUTE).await;
            count(file.made(), "chunks made in a minute in which the client read none").at_most(MOST_IN_FLIGHT)
        })
        .expects("makes at most 30 chunks more than a slow client has read")
        .hint("What makes the producer wait for the reader? And how large are the batches in which chunks \
             travel?")
        .plays(async move |lab| {
            let (file, mut reader) = downloads(&lab, subject, CountedFile::of(VERY_LONG)).await?;
            for read in 1..=200 {
                reader.reads_up_to(read).await?;
                lab.sleep(SECOND / 10).await;
            }
            let what = "chunks made and not read, by a client that reads 10 a second";
            count(file.most_in_flight(), what).at_most(MOST_IN_FLIGHT)
        })
        .expects("keeps to 30 when the client stops reading in the middle")
        .hint("The bound has to hold after every pause of the client, not only at the start.")
        .plays(async move |lab| {
            let (file, mut reader) = downloads(&lab, subject, CountedFile::of(VERY_LONG)).await?;
            for read in [1, 41, 48, 348] {
                reader.reads_up_to(read).await?;
                lab.sleep(MINUTE).await;
            }
            let what = "chunks made and not read, by a client that reads in bursts";
            count(file.most_in_flight(), what).at_most(MOST_IN_FLIGHT)
        })
        .expects("keeps the rest of the file for a client that reads on after a day")
        .hint("A client that does not read has not disconnected. What ends your stream, or its connection, by time?")
        .plays(async move |lab| {
            let (_, mut reader) = downloads(&lab, subject, CountedFile::of(100)).await?;
            reader.reads_up_to(10).await?;
            lab.sleep(HOUR * 24).await;
            reader.reads_up_to(100).await?;
            reader.ends().await
        })
        .expects("streams without a pause to a client that reads as fast as it can")
        .hint("Nothing has to sleep here: a full channel wakes the waiting task when it has room.")
        .plays(async move |lab| {
            let start = Instant::now();
            let (_, mut reader) = downloads(&lab, subject, CountedFile::of(VERY_LONG)).await?;
            reader.reads_up_to(1000).await?;
            after(start.elapsed(), "the last of 1,000 chunks came").is(Duration::ZERO)
        })
        .expects("a client that does not read does not stop another one that does")
        .hint("A limit that all calls share can be used up by a single call that stalls.")
        .each(
            [("over a connection of its own", false), ("over the same connection", true)],
            async move |lab, is_shared| {
                let site = Site::open(&lab, subject);
                let one = site.connect().await?;
                let _unread = site.download_over(&one, &CountedFile::of(VERY_LONG)).await?;
                lab.sleep(SECOND).await;
                let other = if is_shared { one } else { site.connect().await? };
                let mut reader = site.download_over(&other, &CountedFile::of(VERY_LONG)).await?;
                reader.reads_up_to(100).await
            },
        )
        .expects("makes no more chunks after the client has disconnected")
        .hint("How does your producer learn that the client has disconnected, and when?")
        .each(
            [
                ("a client that has read nothing", (0, Disconnect::Drop)),
                ("a client that has read 10", (10, Disconnect::Drop)),
                ("a client that has read 333", (333, Disconnect::Drop)),
                ("a client whose connection breaks", (10, Disconnect::Break)),
            ],
            async move |lab, (reads, disconnect)| {
                let (file, mut reader) = downloads(&lab, subject, CountedFile::of(VERY_LONG)).await?;
                reader.reads_up_to(reads).await?;
                // Long enough to fill every place in which a chunk can wait.
                lab.sleep(SECOND).await;
                let made = file.made();
                reader.disconnects(disconnect);
                file.is_dropped().await?;
                count(file.made() - made, "chunks made after the disconnect").is(0)
            },
        )
        .expects("ends with an error when the file panics")
        .hint("A panic drops your sender, as a return does. What could tell the two apart (lesson 05)?")
        .each(
            [0, 3, 100].map(|chunks| (format!("after {chunks} chunks"), chunks)),
            async move |lab, chunks| {
                let (_, mut reader) = downloads(&lab, subject, CountedFile::panics_after(chunks)).await?;
                lab.sleep(SECOND).await;
                reader.reads_up_to(chunks).await.map_err(|finding| {
                    finding.hint("Chunks that were made before the panic are part of the file. What overtakes them?")
                })?;
                let ended = reader.reads_to_the_end().await;
                ensure(ended.is_err(), || {
                    "the call ended with OK, as if the file were complete"
                })
            },
        )
}
