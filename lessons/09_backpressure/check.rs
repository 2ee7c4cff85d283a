//! Grades the exercise: clients that read fast, slowly or not at all, and how many chunks are made meanwhile.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{Instant, sleep};
use workbook::grade::{Check, Verdict, ensure};
use workbook::lab::Lab;

use peers::{CountedFile, Reader, download};

/// The limit in the exercise's text.
const MOST_IN_FLIGHT: usize = 30;

const SECOND: Duration = Duration::from_secs(1);

pub fn check() -> Check {
    Check::new()
        .expects("every chunk arrives, in order, and then the end")
.hint("When the channel is full, `send` waits and `try_send` fails. Which of them keeps the message? \
             And what ends the stream?")
.plays(complete)
        .expects("makes at most 30 chunks for a client that reads nothing")
.hint("Count the places where a chunk can wait: your channel, tonic's buffer, a window. Whose \
             window is it?")
.plays(unread)
        .expects("makes at most 30 chunks more than a slow client has read")
.hint("What makes the producer wait for the reader? And how large are the batches in which chunks \
             travel?")
.plays(slow)
        .expects("keeps to 30 when the client stops reading in the middle")
.hint("The bound has to hold after every pause of the client, not only at the start.")
.plays(stops)
        .expects("streams without a pause to a client that reads as fast as it can")
.hint("Nothing has to sleep here: a full channel wakes the waiting task when it has room.")
.plays(fast)
        .expects("a client that does not read does not stop another one that does")
.hint("A limit that all calls share can be used up by a single call that stalls.")
.plays(apart)
        .expects("makes no more chunks after the client has disconnected")
.hint("How does your producer learn that the client has disconnected, and when?")
.plays(disconnects)
}

async fn complete(lab: Lab) -> Verdict {
    for count in [0, 1, 30, 500] {
        let file = CountedFile::varied(count);
        let mut reader = download(&lab, &file).await?;
        let mut got = 0;
        while let Some(chunk) = reader.read().await? {
            let expected = file.chunk(got);
            ensure(chunk == expected, || {
                let (number, bytes) = (chunk.chunk_number, chunk.data.len());
                format!(
                    "of {count} chunks, number {} of {} bytes was due, and number {number} of {bytes} bytes came",
                    expected.chunk_number,
                    expected.data.len()
                )
            })?;
            got += 1;
            // The reader pauses from time to time, so that chunks pile up.
            if got % 50 == 7 {
                sleep(SECOND).await;
            }
        }
        ensure(got == count, || {
            format!("of {count} chunks {got} came, then the end")
        })?;
    }
    Ok(())
}

async fn unread(lab: Lab) -> Verdict {
    let file = CountedFile::default();
    let reader = download(&lab, &file).await?;
    sleep(SECOND * 60).await;
    let made = file.made();
    drop(reader);
    ensure(made <= MOST_IN_FLIGHT, || {
        format!("{made} chunks were made, and none was read")
    })
}

async fn slow(lab: Lab) -> Verdict {
    let file = CountedFile::default();
    let mut reader = download(&lab, &file).await?;
    for _ in 0..200 {
        read(&mut reader, 1).await?;
        sleep(SECOND / 10).await;
    }
    most(&file, "a client that read 10 chunks a second")
}

async fn stops(lab: Lab) -> Verdict {
    let file = CountedFile::default();
    let mut reader = download(&lab, &file).await?;
    for burst in [1, 40, 7, 300] {
        read(&mut reader, burst).await?;
        sleep(SECOND * 60).await;
    }
    most(&file, "a client that read in bursts")
}

async fn fast(lab: Lab) -> Verdict {
    let start = Instant::now();
    let mut reader = download(&lab, &CountedFile::default()).await?;
    read(&mut reader, 1000).await?;
    let took = start.elapsed();
    ensure(took < SECOND / 500, || {
        format!(
            "1,000 chunks took {} ms, though no other client was connected",
            took.as_millis()
        )
    })
}

async fn apart(lab: Lab) -> Verdict {
    let stalled = CountedFile::default();
    let _unread = download(&lab, &stalled).await?;
    sleep(SECOND).await;
    let mut reader = download(&lab, &CountedFile::default()).await?;
    read(&mut reader, 100).await
}

async fn disconnects(lab: Lab) -> Verdict {
    let file = CountedFile::default();
    let mut reader = download(&lab, &file).await?;
    read(&mut reader, 10).await?;
    drop(reader);
    sleep(SECOND).await;
    let made = file.made();
    sleep(SECOND * 60).await;
    let more = file.made() - made;
    ensure(more == 0 && made <= 10 + MOST_IN_FLIGHT, || {
        let made = made + more;
        format!("the client read 10 chunks and disconnected; {made} were made in all")
    })?;
    ensure(
        !file.is_held(),
        || "a minute after the client had disconnected, the file was still held",
    )
}

async fn read(reader: &mut Reader, count: usize) -> Verdict {
    for number in 1..=count {
        let chunk = reader.read().await?;
        ensure(chunk.is_some(), || {
            format!("the stream ended instead of chunk {number}, and there was more of the file")
        })?;
    }
    Ok(())
}

fn most(file: &CountedFile, what: &str) -> Verdict {
    let most = file.most_in_flight();
    ensure(most <= MOST_IN_FLIGHT, || {
        format!("{what} was {most} chunks behind")
    })
}
