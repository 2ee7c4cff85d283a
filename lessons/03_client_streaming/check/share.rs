//! What an upload holds, and what two of them share.

use futures::future::try_join;
use tokio::time::Instant;
use workbook::grade::{Check, Finding, after, count};

use super::super::chunks::CHUNK;
use super::file::{File, READ_TAKES, Then};
use super::results::answered;
use super::server::{Answer, receipt};
use super::uploads::Uploads;
use super::{HOUR, LARGE, SECOND, Subject};

/// The limit in the exercise's text, and the few that tonic and h2 hold on the way.
const MOST_HELD: usize = 16 + 4;

/// Adds how much an upload may hold, and that it keeps nothing from another.
pub fn check(check: Check, upload: Subject) -> Check {
    check
        .expects("holds little in memory when the server does not read")
        .hint("Chunks that wait between the reader and the connection are in memory. What limits them?")
        .plays(async move |lab| {
            let uploads = Uploads::open(&lab, upload, Answer::after(0).late(HOUR)).await?;
            let held = uploads.held_after(File::of(LARGE * 5).slow(READ_TAKES), SECOND * 50);
            count(held.await, "chunks that were read, and not sent").at_most(MOST_HELD)
        })
        .expects("uploads a second file beside one that stalls")
        .hint("What do two uploads share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let uploads = Uploads::open(&lab, upload, Answer::at_the_end()).await?;
            let stalls = uploads.start(File::of(CHUNK).then(Then::Stalls));
            let second = uploads.run(File::of(CHUNK * 3).slow(READ_TAKES));
            tokio::select! {
                biased;
                _ = stalls => Err(Finding::seen("the upload of the file that stalls returned")),
                result = second => answered(result?, &receipt()),
            }
        })
        .expects("uploads two files to a server that reads neither to its end")
        .hint("Each upload may hold 16 chunks. What do the two share?")
        .plays(async move |lab| {
            let answers_after = SECOND * 30;
            let answer = Answer::after(3).late(answers_after);
            let uploads = Uploads::open(&lab, upload, answer).await?;
            let began = Instant::now();
            let large = || uploads.run(File::of(LARGE));
            // The second begins when the first has filled its window and all that it may hold.
            let later = async {
                lab.sleep(SECOND * 5).await;
                large().await
            };
            let (one, other) = try_join(large(), later).await?;
            answered(one, &receipt())?;
            answered(other, &receipt())?;
            after(began.elapsed(), "both uploads had returned").at_most(answers_after + SECOND * 6)
        })
}
