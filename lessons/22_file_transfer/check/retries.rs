//! When the exercise calls again, and when it gives up.

use std::time::Duration;

use tokio::time::Instant;
use tonic::Code;
use workbook::grade::{Check, after, ended};

use super::act::{Act, Then, after_pieces, status, unanswered};
use super::faults::FINAL;
use super::given::{Bar, Given};
use super::stage::Stage;
use super::{SECOND, SIZE, Subject};

/// Adds what comes after a call that has failed.
pub fn check(check: Check, upload: Subject) -> Check {
    check
        .expects("calls again a second later, and not at once")
        .hint("What happens to a server that restarts while a thousand clients call?")
        .plays(async move |lab| {
            let fails = unanswered(Then::Fails(Code::Unavailable));
            let stage = Stage::open(&lab, upload, [fails; 3]).await?;
            stage.stores(&Given::of(SIZE)).await?;
            let calls = &stage.server.seen().calls;
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
                stage.server.seen().calls_are(calls)?;
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
            stage.stores(&file).await
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
                ended(&stage.uploads(&Given::of(SIZE), &Bar::default()).await?).as_sent(&status(code))?;
                after(begin.elapsed(), "it returned").is(Duration::ZERO)?;
                stage.server.seen().calls_are(1)
            },
        )
}

/// The server compares, is not content, and holds nothing any more.
fn discarded() -> Act {
    after_pieces(usize::MAX, Then::Fails(Code::DataLoss)).and_forgets(usize::MAX)
}
