//! Grades the exercise: a server that fails at every point of an upload, and forgets.

#[path = "check/act.rs"]
mod act;
#[path = "check/file.rs"]
mod file;
#[path = "check/given.rs"]
mod given;
#[path = "check/planned.rs"]
mod planned;
#[path = "check/stage.rs"]
mod stage;

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{Check, after, count, ended};
use workbook::proto::files::transfer_service_client::TransferServiceClient;

use super::source::{Progress, Source};
use act::{Act, Then, after_pieces, unanswered};
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

/// The codes that a new call can change, by the exercise's text.
const WORTH_A_CALL: [Code; 6] = [
    Code::Unknown,
    Code::Unavailable,
    Code::Cancelled,
    Code::Internal,
    Code::DeadlineExceeded,
    Code::DataLoss,
];

/// And all others but OK.
const FINAL: [Code; 10] = [
    Code::InvalidArgument,
    Code::NotFound,
    Code::AlreadyExists,
    Code::PermissionDenied,
    Code::ResourceExhausted,
    Code::FailedPrecondition,
    Code::Aborted,
    Code::OutOfRange,
    Code::Unimplemented,
    Code::Unauthenticated,
];

fn faults() -> impl Iterator<Item = (String, Act)> {
    let of_code = WORTH_A_CALL.map(|code| (format!("{code:?}"), Then::Fails(code)));
    let of_network = [
        ("the connection breaks", Then::Cut),
        ("all packets are lost for 20 s", Then::Vanish),
        ("the call ends with OK, and nothing is stored", Then::Ends),
    ];
    let of_network = of_network.map(|(name, then)| (name.to_owned(), then));
    of_network
        .into_iter()
        .chain(of_code)
        .flat_map(|(name, then)| {
            let at = [
                ("unanswered", unanswered(then)),
                ("after 0 pieces", after_pieces(0, then)),
                ("after 1 piece", after_pieces(1, then)),
                (
                    "after 1 piece, of which 10000 bytes are lost",
                    after_pieces(1, then).and_forgets(10_000),
                ),
                ("after the end", after_pieces(usize::MAX, then)),
            ];
            at.map(|(when, act)| (format!("{name}, {when}"), act))
        })
}

pub fn check(upload: Subject) -> Check {
    let check = Check::new()
        .expects("uploads a file, and ends with its size and its digest")
        .hint("What does the server send first? Which bytes are in the digest?")
        .each(
            [0, 1, 64 * KIB, 64 * KIB + 1, SIZE].map(|size| (format!("{size} bytes"), size)),
            async move |lab, size| {
                let stage = Stage::open(&lab, upload, []).await?;
                let (file, bar) = (Given::of(size), Bar::default());
                ended(&stage.uploads(&file, &bar).await?).well()?;
                stage.server.has_stored(&file)
            },
        )
        .expects("sends pieces of 64 KiB to 1 MiB")
        .hint("Only the last piece of a file may be shorter. How long is the first one, wherever it begins?")
        .each(
            [100 * KIB, 256 * KIB - 1, 1024 * KIB - 1].map(|held| (format!("{held} of {SIZE} bytes are held"), held)),
            async move |lab, held| {
                let stage = Stage::open(&lab, upload, []).await?.that_holds(held, 0);
                let file = Given::of(SIZE);
                ended(&stage.uploads(&file, &Bar::default()).await?).well()?;
                stage.server.pieces_are_between(64 * KIB, 1024 * KIB)
            },
        )
        .expects("goes on where the server says, with the digest of the whole file")
        .hint("Which bytes does a digest have to see, and which of them does this call send?")
        .each(
            [1, 64 * KIB, 100 * KIB, SIZE - 1, SIZE].map(|held| (format!("{held} of {SIZE} bytes are held"), held)),
            async move |lab, held| {
                let stage = Stage::open(&lab, upload, []).await?.that_holds(held, 0);
                let file = Given::of(SIZE);
                ended(&stage.uploads(&file, &Bar::default()).await?).well()?;
                stage.server.has_stored(&file)?;
                count(stage.server.calls().len(), "calls").is(1)
            },
        )
        .expects("calls again after a call that did not store the file, and begins where the server says then")
        .hint("Who knows how many bytes have arrived? The server may hold less than it has told.")
        .each(
            faults(),
            async move |lab, act| {
                let stage = Stage::open(&lab, upload, [act]).await?;
                let file = Given::of(SIZE);
                ended(&stage.uploads(&file, &Bar::default()).await?).well()?;
                stage.server.has_stored(&file)?;
                count(stage.server.calls().len(), "calls").is(2)
            },
        )
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
                count(stage.server.calls().len(), "calls").is(1)?;
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
                bar.has_held(&stage.server.told())
            },
        )
        .expects("calls again a second later, and not at once")
        .hint("What happens to a server that restarts while a thousand clients call?")
        .plays(async move |lab| {
            let fails = unanswered(Then::Fails(Code::Unavailable));
            let stage = Stage::open(&lab, upload, [fails; 3]).await?;
            ended(&stage.uploads(&Given::of(SIZE), &Bar::default()).await?).well()?;
            let calls = stage.server.calls();
            calls.windows(2).try_for_each(|pair| after(pair[1].at - pair[0].at, "it called again").is(SECOND))
        })
        .expects("gives up after five calls in a row that brought nothing, with the last status")
        .hint("What does your code count, what sets it back, and with which earlier calls is a call compared?")
        .each(
            [
                ("unanswered", unanswered(Then::Fails(Code::Unavailable)), Code::Unavailable, 5),
                ("answered with the same held", after_pieces(0, Then::Fails(Code::Internal)), Code::Internal, 5),
                // The first call brings all of the file, and each of the others brings as much again.
                ("all is discarded after each end", discarded(), Code::DataLoss, 6),
            ]
            .map(|(name, act, code, calls)| (name, (act, code, calls))),
            async move |lab, (act, code, calls)| {
                let stage = Stage::open(&lab, upload, [act; 100]).await?;
                let end = stage.uploads(&Given::of(SIZE), &Bar::default()).await?;
                count(stage.server.calls().len(), "calls").is(calls)?;
                ended(&end).with(code)
            },
        )
        .expects("has five calls again when the server holds more than ever")
        .hint("A large file may need more than five calls.")
        .plays(async move |lab| {
            let mut step = vec![unanswered(Then::Fails(Code::Unavailable)); 4];
            step.push(after_pieces(1, Then::Fails(Code::Internal)));
            let stage = Stage::open(&lab, upload, step.repeat(3)).await?;
            let file = Given::of(4 * SIZE);
            ended(&stage.uploads(&file, &Bar::default()).await?).well()
        })
        .expects("returns any other status at once, as it came")
        .hint("Will the same upload be answered in another way in a second?")
        .each(
            FINAL.into_iter().flat_map(|code| {
                [("unanswered", unanswered(Then::Fails(code))), ("while pieces are sent", after_pieces(1, Then::Fails(code)))]
                    .map(|(when, act)| (format!("{code:?}, {when}"), (code, act)))
            }),
            async move |lab, (code, act)| {
                let stage = Stage::open(&lab, upload, [act]).await?;
                let begin = Instant::now();
                ended(&stage.uploads(&Given::of(SIZE), &Bar::default()).await?).as_sent(&act::status(code))?;
                after(begin.elapsed(), "it returned").is(Duration::ZERO)?;
                count(stage.server.calls().len(), "calls").is(1)
            },
        );
    file::check(check, upload)
}

/// The server compares, is not content, and holds nothing any more.
fn discarded() -> Act {
    after_pieces(usize::MAX, Then::Fails(Code::DataLoss)).and_forgets(usize::MAX)
}
