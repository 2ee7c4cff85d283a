//! Grades the exercise: a server that fails at every point of an upload, and forgets.

#[path = "check/act.rs"]
mod act;
#[path = "check/faults.rs"]
mod faults;
#[path = "check/file.rs"]
mod file;
#[path = "check/given.rs"]
mod given;
#[path = "check/planned.rs"]
mod planned;
#[path = "check/retries.rs"]
mod retries;
#[path = "check/seen.rs"]
mod seen;
#[path = "check/stage.rs"]
mod stage;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, after, ended};
use workbook::proto::files::transfer_service_client::TransferServiceClient;

use super::source::{Progress, Source};
use act::{Act, Then, after_pieces};
use faults::faults;
use given::{Bar, Given};
use stage::Stage;

/// The exercise: uploads a file.
pub type Subject = for<'a> fn(
    TransferServiceClient<Channel>,
    &'a str,
    Arc<dyn Source>,
    &'a dyn Progress,
) -> BoxFuture<'a, Result<(), Status>>;

const SECOND: Duration = Duration::from_secs(1);
const KIB: u64 = 1024;
/// The file of most plays: two pieces at least.
const SIZE: u64 = 1100 * KIB + 1;

pub fn check(upload: Subject) -> Check {
    let check = Check::new()
        .expects("uploads a file, and ends with its size and its digest")
        .hint("What does the server send first? Which bytes are in the digest?")
        .each(
            [0, 1, 64 * KIB, 64 * KIB + 1, SIZE].map(|size| (format!("{size} bytes"), size)),
            async move |lab, size| {
                let stage = Stage::open(&lab, upload, []).await?;
                let file = Given::of(size);
                stage.stores(&file).await?;
                stage.server.seen().has_stored(&file)
            },
        )
        .expects("sends pieces of 64 KiB to 1 MiB")
        .hint("Only the last piece of a file may be shorter. How long is the first one, wherever it begins?")
        .each(
            [100 * KIB, 256 * KIB - 1, 1024 * KIB - 1].map(|held| (format!("{held} of {SIZE} bytes are held"), held)),
            async move |lab, held| {
                let stage = Stage::open(&lab, upload, []).await?.that_holds(held, 0);
                let file = Given::of(SIZE);
                stage.stores(&file).await?;
                stage.server.seen().pieces_are_between(64 * KIB, 1024 * KIB)
            },
        )
        .expects("goes on where the server says, with the digest of the whole file")
        .hint("Which bytes does a digest have to see, and which of them does this call send?")
        .each(
            [1, 64 * KIB, 100 * KIB, SIZE - 1, SIZE].map(|held| (format!("{held} of {SIZE} bytes are held"), held)),
            async move |lab, held| {
                let stage = Stage::open(&lab, upload, []).await?.that_holds(held, 0);
                let file = Given::of(SIZE);
                stage.stores(&file).await?;
                stage.server.seen().has_stored(&file)?;
                stage.server.seen().calls_are(1)
            },
        )
        .expects("calls again after a call that did not store the file, and begins where the server says then")
        .hint("Who knows how many bytes have arrived? The server may hold less than it has told.")
        .each(faults(), async move |lab, act| {
            let stage = Stage::open(&lab, upload, [act]).await?;
            let file = Given::of(SIZE);
            stage.stores(&file).await?;
            stage.server.seen().has_stored(&file)?;
            stage.server.seen().calls_are(2)
        })
        .expects("returns when the server has stored the file, and not before")
        .hint("What do you know when the last message has been sent, and what is left to learn when `stored` has come?")
        .each(
            [
                ("stored after 10 s", Then::StoresAfter(SECOND * 10), 10),
                ("stored, and then the call fails", Then::StoresAndFails(Code::Unavailable), 0),
                ("stored, and the call stays open", Then::StoresAndHolds, 0),
            ]
            .map(|(name, then, due)| (name, (then, due))),
            async move |lab, (then, due)| {
                let stage = Stage::open(&lab, upload, [after_pieces(usize::MAX, then)]).await?;
                let (begin, bar) = (Instant::now(), Bar::default());
                ended(&stage.uploads(&Given::of(SIZE), &bar).await?).well()?;
                stage.server.seen().calls_are(1)?;
                after(begin.elapsed(), "it returned").is(SECOND * due)
            },
        )
        .expects("reports 100 % once, when the server has stored the file")
        .hint("The disk may be full when the last byte arrives. What has your bar shown by then?")
        .each(
            [("stored after 10 s", Then::StoresAfter(SECOND * 10)), ("refused after the end", Then::Fails(Code::ResourceExhausted))],
            async move |lab, then| {
                let stage = Stage::open(&lab, upload, [after_pieces(usize::MAX, then)]).await?;
                let (begin, bar) = (Instant::now(), Bar::default());
                let end = stage.uploads(&Given::of(SIZE), &bar).await?;
                match end {
                    Ok(()) => bar.stored_once(SIZE, begin + SECOND * 10),
                    Err(_) => bar.has_not_stored(),
                }
            },
        )
        .expects("reports what the server says it holds")
        .hint("Bytes that were handed to tonic may be lost on their way, and answers go on coming when all has been sent.")
        .each(
            [
                ("a call fails after a piece", after_pieces(1, Then::Fails(Code::Unavailable))),
                ("a piece is taken every second", Act::default().every(SECOND)),
            ],
            async move |lab, act| {
                let stage = Stage::open(&lab, upload, [act]).await?;
                let bar = Bar::default();
                ended(&stage.uploads(&Given::of(SIZE), &bar).await?).well()?;
                bar.has_held(&stage.server.seen().told)
            },
        );
    let check = retries::check(check, upload);
    file::check(check, upload)
}
