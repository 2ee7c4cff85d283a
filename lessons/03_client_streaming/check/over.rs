//! The call is over before the file is: because of an early answer, or with its connection.

use tonic::Code;
use workbook::grade::Check;

use super::super::chunks::CHUNK;
use super::file::{File, READ_TAKES, Then};
use super::results::answered;
use super::server::{Answer, receipt, refusal};
use super::uploads::Uploads;
use super::{LARGE, SECOND, Subject};

/// Adds what an upload does whose call is over.
pub fn check(check: Check, upload: Subject) -> Check {
    check
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
                (
                    "refused after 3 chunks",
                    (Answer::after(3).with(&refusal(Code::Aborted)), 3),
                ),
                ("OK after 3 chunks", (Answer::after(3), 3)),
                (
                    "half a minute later",
                    (Answer::after(3).late(SECOND * 30), 3),
                ),
                (
                    "refused before the first chunk",
                    (Answer::after(0).with(&refusal(Code::Aborted)), 0),
                ),
                (
                    "a server that reads nothing",
                    (Answer::after(0).late(SECOND * 30), 5_000),
                ),
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
}
