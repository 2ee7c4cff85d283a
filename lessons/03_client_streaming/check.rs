//! Grades the exercise: what arrives at a server, and how much of the file was read by then.

#[path = "check/file.rs"]
mod file;
#[path = "check/over.rs"]
mod over;
#[path = "check/results.rs"]
mod results;
#[path = "check/server.rs"]
mod server;
#[path = "check/share.rs"]
mod share;
#[path = "check/uploads.rs"]
mod uploads;

use std::io::ErrorKind;
use std::time::Duration;

use futures::future::LocalBoxFuture;
use tonic::Code;
use tonic::transport::Channel;
use workbook::grade::{Check, after};
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

pub fn check(upload: Subject) -> Check {
    let check = Check::new()
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
        });
    let check = over::check(check, upload);
    share::check(check, upload)
        .expects("a reader that fails does not look like the end of the file")
        .hint(
            "The server must not see END_STREAM. Dropping the call resets its stream, unless \
             something ends the request stream first.",
        )
        .each(
            [
                ("before the first chunk", (0, ErrorKind::TimedOut)),
                ("after 2 chunks", (2 * CHUNK, ErrorKind::TimedOut)),
                (
                    "in the third chunk",
                    (2 * CHUNK + 5, ErrorKind::UnexpectedEof),
                ),
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
