//! What the store holds: of uploads at the same time, of older files, and when it fails.

use std::time::Duration;

use futures::future::try_join;
use tonic::transport::Server;
use workbook::grade::{AN_INSTANT, Check, Script, within};

use super::super::store::Store;
use super::messages::{file, finish, first, messages};
use super::uploads::Uploads;
use super::{SECOND, Subject};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Adds what is kept, and for how long.
pub fn check(check: Check, files: Subject) -> Check {
    check
        .expects("keeps uploads apart, slow ones and failed ones too")
        .hint("What does one call share with the next, or with one that runs at the same time?")
        .each(
            ["file.bin", "other.bin"].map(|name| (format!("{name} beside file.bin"), name)),
            async move |lab, name| {
                let uploads = Uploads::to(&lab, files).await?;
                uploads.sends(first(2)).await?.is_refused()?;
                let beside = within(AN_INSTANT, "a stalled upload still stopped another", uploads.whole(name));
                uploads.beside(first(2), async { beside.await?? .is_stored(name, &file()) }).await?;

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
            uploads.sends(wrong).await?.failed_and_left("file.bin", &file())
        })
        .expects("waits for the next message for as long as it takes")
        .hint("A slow client is not a dead one. The server's timeout and keepalive are set elsewhere.")
        .silence(DAY * 30)
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            let slow = Script::new().every(DAY * 3, messages("file.bin", &file()));
            uploads.upload_within(DAY * 20, slow).await?.is_stored("file.bin", &file())
        })
        .expects("writes a chunk when it arrives")
        .hint("A file may be larger than the memory. Where is what has arrived so far?")
        .each(
            [("a chunk of 3 MiB", 3 * 1024 * 1024), ("a chunk of 1 KiB", 1024)],
            async move |lab, bytes| {
                let uploads = Uploads::to(&lab, files).await?;
                let file = [vec![7; bytes]];
                let sent = messages("file.bin", &file);
                let arrived = async { uploads.holds_partial_of(bytes) };
                uploads.beside(sent[..1].to_vec(), arrived).await?;
                uploads.sends(sent).await?.is_stored("file.bin", &file)
            },
        )
        .expects("replaces a file by a newer one of the same length")
        .hint("What tells two versions of a file apart: their names, their lengths, or their bytes?")
        .plays(async move |lab| {
            let uploads = Uploads::to(&lab, files).await?;
            for version in [b"version 1", b"version 2"] {
                let file = [version.to_vec()];
                uploads.sends(messages("file.bin", &file)).await?.is_stored("file.bin", &file)?;
            }
            Ok(())
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
