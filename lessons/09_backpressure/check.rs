//! Grades the exercise: readers of different patience, and what was made meanwhile.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::{Instant, sleep};
use workbook::grade::{Check, Verdict, ensure};
use workbook::lab::Lab;

use peers::{Reader, Source, download};

/// As the exercise's text has it.
const MOST: usize = 30;

const SECOND: Duration = Duration::from_secs(1);

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "every chunk arrives, in order, and then the end",
            "A channel that is full has two ways to say so, and one of them loses the message. And what ends \
             the stream?",
            complete,
        )
        .expects(
            "makes at most 30 chunks for a client that reads nothing",
            "Count the places where a chunk can wait: your channel, tonic's buffer, a window. Whose \
             window is it?",
            unread,
        )
        .expects(
            "makes at most 30 chunks more than a slow client has read",
            "What makes the maker wait for the reader? And how large are the batches in which chunks travel?",
            slow,
        )
        .expects(
            "keeps to it when the client stops in the middle",
            "A bound that holds at the start has to hold later, too.",
            stops,
        )
        .expects(
            "keeps a client busy that reads as fast as it can",
            "Nothing has to sleep here: whoever waits is woken when there is room.",
            fast,
        )
        .expects(
            "keeps clients apart: one that reads beside one that does not",
            "A limit that all calls share belongs to whoever takes it first.",
            apart,
        )
        .expects(
            "makes no more when the client has left",
            "What does your maker learn when nobody reads any more, and when?",
            leaves,
        )
}

async fn complete(lab: Lab) -> Verdict {
    for count in [0, 1, 30, 500] {
        let source = Source::varied(count);
        let mut reader = download(&lab, &source).await?;
        let mut got = 0;
        while let Some(chunk) = reader.read().await? {
            let expected = source.chunk(got);
            ensure(chunk == expected, || {
                let (number, bytes) = (chunk.chunk_number, chunk.data.len());
                format!(
                    "of {count} chunks, number {} of {} bytes was due, and number {number} of {bytes} bytes came",
                    expected.chunk_number,
                    expected.data.len()
                )
            })?;
            got += 1;
            // Now and then the reader is busy, and chunks pile up.
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
    let source = Source::default();
    let reader = download(&lab, &source).await?;
    sleep(SECOND * 60).await;
    let made = source.made();
    drop(reader);
    ensure(made <= MOST, || {
        format!("{made} chunks were made, and none was read")
    })
}

async fn slow(lab: Lab) -> Verdict {
    let source = Source::default();
    let mut reader = download(&lab, &source).await?;
    for _ in 0..200 {
        read(&mut reader, 1).await?;
        sleep(SECOND / 10).await;
    }
    most(&source, "a client that read 10 chunks a second")
}

async fn stops(lab: Lab) -> Verdict {
    let source = Source::default();
    let mut reader = download(&lab, &source).await?;
    for burst in [1, 40, 7, 300] {
        read(&mut reader, burst).await?;
        sleep(SECOND * 60).await;
    }
    most(&source, "a client that read in bursts")
}

async fn fast(lab: Lab) -> Verdict {
    let start = Instant::now();
    let mut reader = download(&lab, &Source::default()).await?;
    read(&mut reader, 1000).await?;
    let took = start.elapsed();
    ensure(took < SECOND / 500, || {
        format!(
            "1,000 chunks took {} ms, and nobody else was in the way",
            took.as_millis()
        )
    })
}

async fn apart(lab: Lab) -> Verdict {
    let stalled = Source::default();
    let _unread = download(&lab, &stalled).await?;
    sleep(SECOND).await;
    let mut reader = download(&lab, &Source::default()).await?;
    read(&mut reader, 100).await
}

async fn leaves(lab: Lab) -> Verdict {
    let source = Source::default();
    let mut reader = download(&lab, &source).await?;
    read(&mut reader, 10).await?;
    drop(reader);
    sleep(SECOND).await;
    let made = source.made();
    sleep(SECOND * 60).await;
    let more = source.made() - made;
    ensure(more == 0 && made <= 10 + MOST, || {
        let made = made + more;
        format!("the client read 10 and left; {made} chunks were made in all")
    })?;
    ensure(
        !source.is_held(),
        || "the client left a minute ago, and somebody still has the file",
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

fn most(source: &Source, what: &str) -> Verdict {
    let most = source.most_in_flight();
    ensure(most <= MOST, || format!("{what} was {most} chunks behind"))
}
