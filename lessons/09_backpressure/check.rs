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
            "A channel that is full has two ways to say so. One of them loses the message.",
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
            "What makes the maker wait for the reader, and not for a clock?",
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
            "makes no more when the client has left",
            "What does your maker learn when nobody reads any more, and when?",
            leaves,
        )
}

async fn complete(lab: Lab) -> Verdict {
    for count in [0, 1, 30, 500] {
        let mut reader = download(&lab, &Source::of(count)).await?;
        let mut got = Vec::new();
        while let Some(number) = reader.read().await? {
            got.push(number);
            // Now and then the reader is busy, and chunks pile up.
            if number % 50 == 7 {
                sleep(SECOND).await;
            }
        }
        let wrong = (0..count)
            .zip(got.iter().copied())
            .find(|(expected, got)| expected != got);
        ensure(wrong.is_none(), || match wrong {
            Some((expected, got)) => format!(
                "of {count} chunks, after number {} came {got}",
                expected - 1
            ),
            None => String::new(),
        })?;
        ensure(got.len() == usize::try_from(count).unwrap_or(0), || {
            format!("of {count} chunks {} came, then the end", got.len())
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
        reader.read().await?;
        sleep(SECOND / 10).await;
    }
    most(&source, "a client that read 10 chunks a second")
}

async fn stops(lab: Lab) -> Verdict {
    let source = Source::default();
    let mut reader = download(&lab, &source).await?;
    for burst in [1, 40, 7, 300] {
        read(&mut reader, burst).await?;
        sleep(SECOND * 10).await;
    }
    most(&source, "a client that read in bursts")
}

async fn fast(lab: Lab) -> Verdict {
    let start = Instant::now();
    let mut reader = download(&lab, &Source::default()).await?;
    read(&mut reader, 1000).await?;
    let took = start.elapsed();
    ensure(took < SECOND / 10, || {
        format!(
            "1,000 chunks took {} ms, and nobody else was in the way",
            took.as_millis()
        )
    })
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
        format!(
            "the client read 10 and left; {} chunks were made in all",
            made + more
        )
    })
}

async fn read(reader: &mut Reader, count: usize) -> Verdict {
    for _ in 0..count {
        reader.read().await?;
    }
    Ok(())
}

fn most(source: &Source, what: &str) -> Verdict {
    let most = source.most_in_flight();
    ensure(most <= MOST, || format!("{what} was {most} chunks behind"))
}
