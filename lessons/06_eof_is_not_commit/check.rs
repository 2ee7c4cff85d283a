//! Grades the exercise: what the store holds after uploads that end in different ways.

#[path = "check/messages.rs"]
mod messages;
#[path = "check/uploads.rs"]
mod uploads;

use std::sync::Arc;
use std::time::Duration;

use futures::future::try_join;
use tonic::Code;
use tonic::service::Routes;
use tonic::transport::Server;
use workbook::grade::{AN_INSTANT, Check, Script, within};

use super::store::Store;
use messages::{CHUNKS, chunk, file, finish, messages};
use uploads::{Cut, Uploads};

/// The exercise: a service that stores files here.
pub type Subject = fn(Arc<Store>) -> Routes;

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub fn check(files: Subject) -> Check {
    Check::new()
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
                uploads.upload(Script::new().send_all(messages("file.bin", &file))).await?.is_stored("file.bin", &file)
            },
        )
        .expects("stores the same file twice")
        .hint("A client whose receipt was lost sends its file again.")
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            uploads.whole("file.bin").await?.is_stored("file.bin", &file())?;
            uploads.whole("file.bin").await?.is_stored("file.bin", &file())
        })
        .expects("stores nothing when the stream ends without finish")
        .hint("`None` means that no more messages come. What tells you that the client has sent all?")
        .each(
            (1..=CHUNKS).map(|sent| (format!("the end after {sent} of {CHUNKS} chunks"), sent)),
            async move |lab, sent| {
                let chunks = messages("file.bin", &file()).into_iter().take(sent);
                let uploads = Uploads::to(&lab, files).await?;
                uploads.upload(Script::new().send_all(chunks)).await?.is_refused()
            },
        )
        .expects("stores nothing when the client cancels before finish")
        .hint("What does message() return when the client has cancelled the call?")
        .each(
            (0..=CHUNKS + 1).map(|sent| (format!("after {sent} of {} messages", CHUNKS + 1), sent)),
            async move |lab, sent| Uploads::to(&lab, files).await?.cut(Cut::Cancel, sent).await,
        )
        .expects("leaves nothing behind when the connection breaks")
        .hint("`?` returns early. What has to happen on every way out, and what guarantees it?")
        .each(
            (0..=CHUNKS + 1).map(|sent| (format!("after {sent} of {} messages", CHUNKS + 1), sent)),
            async move |lab, sent| Uploads::to(&lab, files).await?.cut(Cut::Break, sent).await,
        )
        .expects("leaves nothing behind when a server timeout drops the handler")
        .hint("The timeout drops the handler at an `.await`. No later line of it runs.")
        .each(
            (0..=CHUNKS).map(|sent| (format!("5 s of silence after {sent} of {CHUNKS} chunks"), sent)),
            async move |lab, sent| {
                let server = Server::builder().timeout(SECOND * 5);
                let chunks = messages("file.bin", &file()).into_iter().take(sent);
                let uploads = Uploads::open(&lab, server, Store::temporary(), files).await?;
                uploads.upload(Script::new().send_all(chunks).hold()).await?.is_refused()
            },
        )
        .expects("refuses a count that is not right")
        .hint("The client counts, too. What if its count and yours differ?")
        .each(
            [0, 3, 5, -4, i32::MAX].map(|count| (format!("{CHUNKS} chunks, and finish.chunks {count}"), count)),
            async move |lab, count| {
                let mut sent = messages("file.bin", &file());
                finish(&mut sent).chunks = count;
                // The last chunk's number agrees with the wrong count.
                sent[CHUNKS - 1].chunk_number = count.wrapping_sub(1);
                Uploads::to(&lab, files).await?.upload(Script::new().send_all(sent)).await?.is_refused()
            },
        )
        .expects("refuses data that is not what was sent")
        .hint("The right number of chunks may hold the wrong bytes.")
        .each(messages::with_wrong_digest(), async move |lab, sent| {
            Uploads::to(&lab, files).await?.upload(Script::new().send_all(sent)).await?.is_refused()
        })
        .expects("refuses finish with data, and finish without a chunk")
        .hint("Data beside `finish` is in no chunk. And which name would a file without a chunk have?")
        .each(messages::with_odd_finish(), async move |lab, sent| {
            Uploads::to(&lab, files).await?.upload(Script::new().send_all(sent)).await?.is_refused()
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
            uploads.upload(Script::new().send_all(sent)).await?.is_stored("file.bin", &file())
        })
        .expects("keeps uploads apart, slow ones and failed ones too")
        .hint("What does one call share with the next, or with one that runs at the same time?")
        .each(
            ["file.bin", "other.bin"].map(|name| (format!("{name} beside file.bin"), name)),
            async move |lab, name| {
                let uploads = Uploads::to(&lab, files).await?;
                let two = messages("file.bin", &file()).into_iter().take(2);
                uploads.upload(Script::new().send_all(two.clone())).await?.is_refused()?;
                let beside = within(AN_INSTANT, "a stalled upload still stopped another", uploads.whole(name));
                uploads.beside(two, async { beside.await?? .is_stored(name, &file()) }).await?;

                let slow = |name| Script::new().every(SECOND, messages(name, &file()));
                let (one, two) = try_join(uploads.upload(slow("file.bin")), uploads.upload(slow(name))).await?;
                one.is_stored("file.bin", &file())?;
                two.is_stored(name, &file())
            },
        )
        .expects("keeps the older file of the same name until a new one is complete")
        .hint("Which file does your code remove when an upload fails?")
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            uploads.whole("file.bin").await?.is_stored("file.bin", &file())?;
            let mut wrong = messages("file.bin", &[b"a newer one".to_vec()]);
            finish(&mut wrong).chunks += 1;
            uploads.upload(Script::new().send_all(wrong)).await?.failed_and_left("file.bin", &file())
        })
        .expects("waits for the next message for as long as it takes")
        .hint("A slow client is not a dead one. The server's timeout and keepalive are set elsewhere.")
        .silence(DAY * 30)
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            let slow = Script::new().every(DAY * 3, messages("file.bin", &file()));
            uploads.upload_within(DAY * 20, slow).await?.is_stored("file.bin", &file())
        })
        .expects("writes a chunk of 3 MiB when it arrives")
        .hint("A file may be larger than the memory. Where is what has arrived so far?")
        .plays(async move |lab| {
            const LARGE: usize = 3 * 1024 * 1024;
            let uploads = Uploads::to(&lab, files).await?;
            let large = [vec![7; LARGE]];
            let sent = messages("file.bin", &large);
            let arrived = async { uploads.holds_partial_of(LARGE) };
            uploads.beside(sent[..1].to_vec(), arrived).await?;
            uploads.upload(Script::new().send_all(sent)).await?.is_stored("file.bin", &large)
        })
        .expects("gives no receipt for a file that could not be stored")
        .hint("`append` and `commit` can fail. When does the client learn of it?")
        .each(
            [0, 4, 5, 11, 15].map(|room| (format!("a store that is full after {room} bytes"), room)),
            async move |lab, room| {
                let store = Store::temporary().with_limit(room);
                let uploads = Uploads::open(&lab, Server::builder(), store, files).await?;
                uploads.whole("file.bin").await?.is_refused()?;
                uploads.upload(Script::new().send_all(messages("file.bin", &file())).hold()).await?.is_refused()
            },
        )
        .expects("gives no receipt for a file whose place is taken by a folder")
        .hint("`commit` can fail, too.")
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            uploads.has_a_folder_in_the_way("file.bin")?;
            uploads.whole("file.bin").await?.failed_and_left_only("file.bin")
        })
}
