//! What is expected when the file is not what it was, and of a future that is dropped.

use tonic::Code;
use workbook::grade::{Check, baseline, count, ended};

use super::act::{Act, Then, after_pieces, unanswered};
use super::given::{Bar, Given};
use super::stage::Stage;
use super::{KIB, SECOND, SIZE, Subject};

/// The check, with what is expected of the file and of its memory.
pub fn check(check: Check, upload: Subject) -> Check {
    check
        .expects("lets the server compare when it holds more than the file has")
        .hint("Which message makes the server look at size and digest?")
        .plays(async move |lab| {
            let stage = Stage::open(&lab, upload, []).await?.that_holds(SIZE + 5, 0);
            let file = Given::of(SIZE);
            stage.stores(&file).await?;
            stage.server.seen().has_stored(&file)
        })
        .expects("begins at 0 when the server has discarded another file")
        .hint("DataLoss: what does the server hold after it?")
        .plays(async move |lab| {
            let stage = Stage::open(&lab, upload, []).await?.that_holds(100 * KIB, 7);
            let file = Given::of(SIZE);
            stage.stores(&file).await?;
            stage.server.seen().has_stored(&file)
        })
        .expects("holds little in memory when the server does not read")
        .hint("A file may be larger than the memory. What makes your code wait before it reads on?")
        .plays(async move |lab| {
            let stage = Stage::open(&lab, upload, [after_pieces(0, Then::Holds)]).await?;
            let (file, bar) = (Given::of(64 * 1024 * KIB), Bar::default());
            stage.uploads_for(&file, &bar, SECOND).await?;
            count(mebibytes(file.read_so_far()), "MiB that were read and could not be sent").at_most(4)
        })
        .expects("does not end a file that was written to meanwhile")
        .hint("A file of two halves has a digest, too. When do you compare the versions?")
        .plays(async move |lab| {
            let stage = Stage::open(&lab, upload, []).await?;
            let file = Given::of(SIZE).that_changes_behind(SIZE / 2);
            ended(&stage.uploads(&file, &Bar::default()).await?).with(Code::FailedPrecondition)?;
            count(stage.server.seen().ends(), "ends that were sent").is(0)
        })
        .expects("sends a file that was written to between two calls as it is then")
        .hint("With which version does your code compare, and when was it taken?")
        .each(
            [
                ("the first call is unanswered", unanswered(Then::Fails(Code::Unavailable))),
                ("the first call takes a piece", after_pieces(1, Then::Fails(Code::Unavailable))),
            ],
            async move |lab, act| {
                let stage = Stage::open(&lab, upload, [act]).await?;
                let file = Given::of(SIZE).that_is_written_to_in(SECOND / 2);
                stage.stores(&file).await?;
                stage.server.seen().has_stored(&file)
            },
        )
        .expects("ends with FailedPrecondition when the file cannot be read")
        .hint("A read that fails is not the end of the file.")
        .each([0, SIZE / 2].map(|at| (format!("at byte {at}"), at)), async move |lab, at| {
            let stage = Stage::open(&lab, upload, []).await?;
            let file = Given::of(SIZE).that_fails_behind(at);
            ended(&stage.uploads(&file, &Bar::default()).await?).with(Code::FailedPrecondition)?;
            count(stage.server.seen().ends(), "ends that were sent").is(0)
        })
        .expects("leaves nothing behind when it is dropped")
        .hint("What have you spawned, and who ends it?")
        .plays(async move |lab| {
            let slow = Act::default().every(SECOND / 10);
            let stage = Stage::open(&lab, upload, [Act::default(), slow]).await?;
            stage.stores(&Given::of(0)).await?;
            let before = baseline(&lab);
            stage.uploads_for(&Given::of(8 * SIZE), &Bar::default(), SECOND / 2).await?;
            // tonic sends what it had taken already, and the slow server reads that.
            lab.sleep(SECOND * 60).await;
            before.nothing_is_left(&lab).await?;
            count(stage.server.seen().ends(), "ends that were sent").is(1)
        })
        .expects("reads no further when it is dropped")
        .hint("A task that reads what the server holds sends nothing meanwhile, so no send tells it that the call is over. Who ends it?")
        .plays(async move |lab| {
            let stage = Stage::open(&lab, upload, []).await?.that_holds(8 * SIZE, 0);
            let file = Given::of(9 * SIZE);
            stage.uploads_until(&file, &Bar::default(), file.has_read(SIZE)).await?;
            let before = file.read_so_far();
            lab.sleep(SECOND * 60).await;
            // The read of a piece may have begun.
            count(mebibytes(file.read_so_far() - before), "MiB that were read after the drop").at_most(1)
        })
}

/// In whole ones, rounded up.
fn mebibytes(bytes: u64) -> usize {
    usize::try_from(bytes.div_ceil(1024 * KIB)).unwrap_or(usize::MAX)
}
