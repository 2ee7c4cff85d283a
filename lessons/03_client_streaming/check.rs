//! Grades the exercise: what arrives at a server, and how much of the file was read by then.

#[path = "check/file.rs"]
mod file;
#[path = "check/results.rs"]
mod results;
#[path = "check/server.rs"]
mod server;
#[path = "check/uploads.rs"]
mod uploads;

use std::io::ErrorKind;
use std::time::Duration;

use futures::future::{LocalBoxFuture, try_join};
use tokio::time::Instant;
use tonic::Code;
use tonic::transport::Channel;
use workbook::grade::{Check, Finding, after, count};
use workbook::proto::files::file_service_client::FileServiceClient;

use super::chunks::{CHUNK, Chunks};
use file::{File, READ_TAKES, Then};
use results::{Uploaded, answered, failed_as_read};
use server::{Answer, receipt, refusal};
use uploads::Uploads;

/// The exercise: uploads a file.
pub type Subject = fn(FileServiceClient<Channel>, Chunks) -> LocalBoxFuture<'static, Uploaded>;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// A file that takes ten seconds to read.
const LARGE: usize = 1000 * CHUNK;

/// The limit in the exercise's text, and the few that tonic and h2 hold on the way.
const MOST_HELD: usize = 16 + 4;

pub fn check(upload: Subject) -> Check {
    Check::new()
        .expects("every byte arrives, in order and numbered from 0")
        .hint(
            "Send each chunk as `next` returns it. The call must run while you send, and the server \
             answers when your requests have ended: what ends them?",
        )
        .each(
            [CHUNK * 2 + 5, CHUNK * 3, 1, 0, 5_000 * CHUNK]
                .map(|length| (format!("a file of {length} bytes"), length)),
            async move |lab, length| {
                let uploads = Uploads::open(&lab, upload, Answer::at_the_end()).await?;
                answered(uploads.run(File::of(length)).await?, &receipt())?;
                uploads.have_arrived(length)
            },
        )
        .expects("the upload comes to an end")
        .hint(
            "The server answers when your requests have ended. What ends them, and what in your \
             code keeps them open?",
        )
        .silence(HOUR * 24)
        .each(
            [
                ("an answer after half a minute", (READ_TAKES, SECOND * 30)),
                ("an answer after ten hours", (READ_TAKES, HOUR * 10)),
                ("a chunk every ten hours", (HOUR * 10, SECOND)),
            ],
            async move |lab, (takes, answers_after)| {
                let answer = Answer::at_the_end().late(answers_after);
                let uploads = Uploads::open(&lab, upload, answer).await?;
                // No time limit: if the request stream does not end, the stall detector reports it.
                let result = uploads.start(File::of(CHUNK * 3).slow(takes)).await;
                answered(result, &receipt())?;
                uploads.have_arrived(CHUNK * 3)
            },
        )
        .expects("returns the server's error, with its message, details and metadata")
        .hint("The call's own result holds the status. Does your code pass it on as it is?")
        .plays(async move |lab| {
            let refusal = refusal(Code::ResourceExhausted);
            let uploads = Uploads::open(&lab, upload, Answer::at_the_end().with(&refusal)).await?;
            answered(uploads.run(File::of(CHUNK)).await?, &Err(refusal))
        })
        .expects("the first chunk is sent before the file is read to its end")
        .hint("A file may be larger than memory. What must run at the same time?")
        .plays(async move |lab| {
            let uploads = Uploads::open(&lab, upload, Answer::at_the_end()).await?;
            // Other expectations grade how it ends.
            let _ = uploads.run(File::of(LARGE).slow(READ_TAKES)).await?;
            after(uploads.first_arrived()?, "the first of 1,000 chunks arrived").at_most(READ_TAKES * 2)
        })
        .expects("stops reading when the server has refused")
        .hint("What does a failed send tell you about the call?")
        .each(
            [0, 1, 3].map(|chunks| (format!("after {chunks} chunks"), chunks)),
            async move |lab, chunks| {
                let refusal = refusal(Code::InvalidArgument);
                let answer = Answer::after(chunks).with(&refusal);
                let uploads = Uploads::open(&lab, upload, answer).await?;
                let result = uploads.run(File::of(LARGE).slow(READ_TAKES)).await?;
                uploads.read_nothing_more().await?;
                answered(result, &Err(refusal))
            },
        )
        .expects("stops reading when the server has answered early with OK")
        .hint("An early answer need not be an error. Nevertheless the call is over.")
        .plays(async move |lab| {
            let uploads = Uploads::open(&lab, upload, Answer::after(3)).await?;
            let result = uploads.run(File::of(LARGE).slow(READ_TAKES)).await?;
            uploads.read_nothing_more().await?;
            answered(result, &receipt())
        })
        .expects("returns an early answer although the reader gives nothing more")
        .hint("Code that awaits only the next chunk does not notice that the call is over.")
        .each(
            [
                ("refused after 3 chunks", (Answer::after(3).with(&refusal(Code::Aborted)), 3)),
                ("OK after 3 chunks", (Answer::after(3), 3)),
                ("half a minute later", (Answer::after(3).late(SECOND * 30), 3)),
                ("refused before the first chunk", (Answer::after(0).with(&refusal(Code::Aborted)), 0)),
                ("a server that reads nothing", (Answer::after(0).late(SECOND * 30), 5_000)),
            ],
            async move |lab, (answer, chunks)| {
                let uploads = Uploads::open(&lab, upload, answer.clone()).await?;
                let file = File::of(chunks * CHUNK).slow(READ_TAKES).then(Then::Stalls);
                let result = uploads.run(file).await?;
                answered(result, &answer.result)?;
                uploads.returned_at_once()?;
                uploads.left_nothing().await
            },
        )
        .expects("returns the call's status when the connection breaks")
        .hint("The call fails, and its result says so. What else does your code wait for?")
        .plays(async move |lab| {
            let uploads = Uploads::open(&lab, upload, Answer::at_the_end()).await?;
            let file = File::of(3 * CHUNK).slow(READ_TAKES).then(Then::Stalls);
            uploads.breaks(file, SECOND).await?;
            uploads.closed_the_file().await
        })
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
        .expects("a reader that fails does not look like the end of the file")
        .hint(
            "The server must not see END_STREAM. Dropping the call resets its stream, unless \
             something ends the request stream first.",
        )
        .each(
            [
                ("before the first chunk", (0, ErrorKind::TimedOut)),
                ("after 2 chunks", (2 * CHUNK, ErrorKind::TimedOut)),
                ("in the third chunk", (2 * CHUNK + 5, ErrorKind::UnexpectedEof)),
            ],
            async move |lab, (length, kind)| {
                let uploads = Uploads::open(&lab, upload, Answer::at_the_end()).await?;
                let file = File::of(length).slow(READ_TAKES).then(Then::Fails(kind));
                failed_as_read(uploads.run(file).await?, kind)?;
                uploads.left_nothing().await?;
                uploads.was_not_half_closed()
            },
        )
}
