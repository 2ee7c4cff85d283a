//! Uploads that end before `finish` has come.

use tokio::time::{sleep, timeout};
use tonic::transport::Server;
use workbook::grade::{AN_INSTANT, Check, Script, Verdict, ensure};

use super::super::store::Store;
use super::messages::{CHUNKS, file, first};
use super::uploaded::{holds, left};
use super::uploads::Uploads;
use super::{SECOND, Subject};

/// How an upload is cut short.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// The client drops the call.
    Cancel,
    /// Its connection breaks.
    Break,
}

/// Adds that such an upload stores nothing, and leaves nothing.
pub fn check(check: Check, files: Subject) -> Check {
    check
        .expects("stores nothing when the stream ends without finish")
        .hint(
            "`None` means that no more messages come. What tells you that the client has sent all?",
        )
        .each(
            (1..=CHUNKS).map(|sent| (format!("the end after {sent} of {CHUNKS} chunks"), sent)),
            async move |lab, sent| {
                let uploads = Uploads::to(&lab, files).await?;
                uploads.sends(first(sent)).await?.is_refused()
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
            (0..=CHUNKS).map(|sent| {
                (
                    format!("5 s of silence after {sent} of {CHUNKS} chunks"),
                    sent,
                )
            }),
            async move |lab, sent| {
                let server = Server::builder().timeout(SECOND * 5);
                let uploads = Uploads::open(&lab, server, Store::temporary(), files).await?;
                let silent = Script::new().send_all(first(sent)).hold();
                uploads.upload(silent).await?.is_refused()
            },
        )
}

impl Uploads {
    /// Sends so many messages of an upload and cuts it, and expects the file whole or not at all.
    async fn cut(&self, cut: Cut, sent: usize) -> Verdict {
        let mut client = self.client.clone();
        let call = client.upload_file(Script::new().send_all(first(sent)).hold().requests());
        let answer = match cut {
            Cut::Cancel => timeout(AN_INSTANT, call).await.ok(),
            Cut::Break => {
                let breaks = async {
                    sleep(AN_INSTANT).await;
                    self.lab.cut();
                };
                Some(tokio::join!(call, breaks).0)
            }
        };
        sleep(AN_INSTANT).await;
        match self.store.names().as_slice() {
            [] => ensure(
                !matches!(answer, Some(Ok(_))),
                || "the client got a receipt, and there is no file",
            ),
            [name] if name == "file.bin" && sent > CHUNKS => {
                holds(&self.store, "file.bin", &file())
            }
            names => Err(left(names)),
        }
    }
}
