//! Grades the exercise: what the store holds after uploads that end in different ways.

#[path = "check/answered.rs"]
mod answered;
#[path = "check/incomplete.rs"]
mod incomplete;
#[path = "check/kept.rs"]
mod kept;
#[path = "check/messages.rs"]
mod messages;
#[path = "check/uploaded.rs"]
mod uploaded;
#[path = "check/uploads.rs"]
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use tonic::Code;
use tonic::service::Routes;
use workbook::grade::{Check, Script};

use super::store::Store;
use messages::{CHUNKS, chunk, file, finish, messages};
use uploads::Uploads;

/// The exercise: a service that stores files here.
pub type Subject = fn(Arc<Store>) -> Routes;

const SECOND: Duration = Duration::from_secs(1);

pub fn check(files: Subject) -> Check {
    let check = Check::new()
        .expects("stores a complete file, and returns a receipt")
        .hint("file_id is the file's name, total_size its length in bytes.")
        .each(
            [
                ("four chunks, one of them empty", file()),
                ("one empty chunk", vec![vec![]]),
                ("1100 chunks", vec![b"x".to_vec(); 1100]),
            ],
            async move |lab, file| {
                let uploads = Uploads::to(&lab, files).await?;
                let uploaded = uploads.sends(messages("file.bin", &file)).await?;
                uploaded.is_stored("file.bin", &file)
            },
        )
        .expects("stores the same file twice")
        .hint("A client whose receipt was lost sends its file again.")
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            for _ in 0..2 {
                let uploaded = uploads.whole("file.bin").await?;
                uploaded.is_stored("file.bin", &file())?;
            }
            Ok(())
        });
    let check = incomplete::check(check, files)
        .expects("refuses a count that is not right")
        .hint("The client counts, too. What if its count and yours differ?")
        .each(
            [0, 3, 5, -4, i32::MAX].map(|count| (format!("{CHUNKS} chunks, and finish.chunks {count}"), count)),
            async move |lab, count| {
                let mut sent = messages("file.bin", &file());
                finish(&mut sent).chunks = count;
                // The last chunk's number agrees with the wrong count.
                sent[CHUNKS - 1].chunk_number = count.wrapping_sub(1);
                Uploads::to(&lab, files).await?.sends(sent).await?.is_refused()
            },
        )
        .expects("refuses data that is not what was sent")
        .hint("The right number of chunks may hold the wrong bytes.")
        .each(messages::with_wrong_digest(), async move |lab, sent| {
            Uploads::to(&lab, files).await?.sends(sent).await?.is_refused()
        })
        .expects("refuses finish with data, and finish without a chunk")
        .hint("Data beside `finish` is in no chunk. And which name would a file without a chunk have?")
        .each(messages::with_odd_finish(), async move |lab, sent| {
            Uploads::to(&lab, files).await?.sends(sent).await?.is_refused()
        })
        .expects("refuses a name that would leave the folder, as InvalidArgument")
        .hint("The store returns a status for a bad name. What does your code do with it?")
        .each(
            ["../file.bin", "/tmp/file.bin", "", "nul.txt"].map(|name| (format!("file_name {name:?}"), name)),
            async move |lab, name| {
                let uploaded = Uploads::to(&lab, files).await?.whole(name).await?;
                uploaded.is_refused_with(Code::InvalidArgument)
            },
        )
        .expects("answers when finish has come, and takes nothing after it")
        .hint("The client may keep its half of the call open. Do you need anything after finish?")
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            let all = Script::new().send_all(messages("file.bin", &file()));
            uploads.upload(all.clone().hold()).await?.is_stored("file.bin", &file())?;
            let more = all.send(chunk("file.bin", b"and more", 4));
            uploads.upload(more).await?.is_stored("file.bin", &file())?;
            let mut wrong = messages("other.bin", &file());
            finish(&mut wrong).chunks += 1;
            let uploads = Uploads::to(&lab, files).await?;
            uploads.upload(Script::new().send_all(wrong).hold()).await?.is_refused()
        })
        .expects("takes chunks in the order of arrival, whatever their numbers and names")
        .hint("HTTP/2 keeps the order. The numbers and names in later chunks prove nothing.")
        .each(messages::with_odd_claims(), async move |lab, sent| {
            let uploads = Uploads::to(&lab, files).await?;
            uploads.sends(sent).await?.is_stored("file.bin", &file())
        });
    kept::check(check, files)
}
