//! Grades the exercise: unread downloads, and the calls and downloads beside them.

#[path = "check/peers.rs"]
mod peers;

use std::time::Duration;

use tokio::time::sleep;
use tonic::Code;
use workbook::grade::{Check, Verdict, ensure};
use workbook::lab::Lab;

use peers::{CHUNK, Program, read};

/// The limits in the exercise's text.
const DOWNLOADS: usize = 20;
const MOST_UNREAD: usize = 4 * 1024 * 1024;

/// Chunks of a file that no window holds.
const LONG_FILE: usize = 300;

const SECOND: Duration = Duration::from_secs(1);

pub fn check() -> Check {
    Check::new()
        .expects("greets and downloads")
.hint("`FileServiceClient::new(channel)`, `GreeterServiceClient::new(channel)`.")
.plays(works)
        .expects("greets at once beside unread downloads")
.hint("What do all streams of one connection share?")
.plays(greets)
        .expects("continues a download that is read, beside 19 unread ones")
.hint("Downloads share a connection with each other, too.")
.plays(goes_on)
        .expects("continues every download of a program that opens and drops many")
.hint("Which of the open downloads share a window with the new one? And what is given back when \
             one is dropped?")
.plays(comes_and_goes)
        .expects("delivers every chunk of a download that is read late")
.hint("A download that is not read yet is still wanted: its chunks must arrive when they are read.")
.plays(late)
        .expects("reads nothing ahead: at most 4 MiB of a file are under way")
.hint("Reading into a queue frees the connection's window, and fills the memory instead.")
.plays(not_ahead)
        .expects("closes what it opened, when the downloads and the client are dropped")
.hint("What still holds a `Channel`, or a task that reads?")
.plays(closes)
        .expects("returns the status of a call that fails")
.hint("The caller needs the status that the server chose.")
.plays(fails)
}

async fn works(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    program.greet("nothing").await?;
    let mut download = program.download(5).await?;
    read(&mut download, 0, 5, "a file of 5 chunks").await?;
    let end = peers::within("the end of a file", download.message()).await?;
    ensure(end.is_none(), || {
        "another chunk came after the 5 chunks of a file".to_owned()
    })
}

async fn greets(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    let mut unread = Vec::new();
    for count in 1..=DOWNLOADS {
        unread.push(program.download(LONG_FILE).await?);
        sleep(SECOND).await;
        program
            .greet(&match count {
                1 => "an unread download".to_owned(),
                _ => format!("{count} unread downloads"),
            })
            .await?;
    }
    Ok(())
}

async fn goes_on(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    let mut wanted = program.download(LONG_FILE).await?;
    let mut unread = Vec::new();
    for _ in 1..DOWNLOADS {
        unread.push(program.download(LONG_FILE).await?);
    }
    sleep(SECOND).await;
    read(
        &mut wanted,
        0,
        LONG_FILE,
        "a download beside 19 unread ones",
    )
    .await
}

/// Every fifth of the first downloads stays open and unread: a pool that takes turns puts them on one
/// connection, and later a download that is read.
async fn comes_and_goes(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    let mut unread = Vec::new();
    for count in 0..DOWNLOADS * 3 {
        let mut download = program.download(LONG_FILE).await?;
        if count % 5 == 0 && unread.len() < DOWNLOADS / 2 {
            unread.push(download);
        } else {
            let what = format!("download {} beside {} unread ones", count + 1, unread.len());
            read(&mut download, 0, 10, &what).await?;
        }
    }
    Ok(())
}

async fn late(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    let mut downloads = Vec::new();
    for _ in 0..5 {
        downloads.push(program.download(LONG_FILE).await?);
    }
    sleep(SECOND * 600).await;
    for download in &mut downloads {
        read(
            download,
            0,
            LONG_FILE,
            "a file that is read after ten minutes",
        )
        .await?;
    }
    Ok(())
}

async fn not_ahead(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    let mut download = program.download(LONG_FILE).await?;
    sleep(SECOND).await;
    let mut done = 0;
    for read_now in [0, 1, 100] {
        read(&mut download, done, done + read_now, "a download").await?;
        done += read_now;
        sleep(SECOND).await;
        let unread = program.made().saturating_sub(done) * CHUNK;
        ensure(unread <= MOST_UNREAD, || {
            format!(
                "{done} chunks of 16 KiB were read, {} KiB more were made",
                unread / 1024
            )
        })?;
    }
    Ok(())
}

async fn closes(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    sleep(SECOND).await;
    let baseline = lab.meter().census();
    let mut unread = Vec::new();
    for _ in 0..5 {
        unread.push(program.download(LONG_FILE).await?);
    }
    sleep(SECOND).await;
    let first = {
        unread.clear();
        sleep(SECOND).await;
        // A connection kept for the next download is allowed: it has two tasks on each side.
        lab.meter().census().since(baseline).tasks
    };
    for _ in 0..5 {
        unread.push(program.download(LONG_FILE).await?);
    }
    unread.clear();
    sleep(SECOND).await;
    let second = lab.meter().census().since(baseline).tasks;
    ensure(second <= first, || {
        format!(
            "five downloads were dropped, twice: {first} tasks more were alive after the first time, {second} after the second"
        )
    })?;
    let open = lab.open_calls();
    ensure(open.is_empty(), || {
        format!(
            "every download was dropped, and {} calls were open",
            open.len()
        )
    })?;

    drop(program);
    sleep(SECOND).await;
    // The server's own task, and this one.
    let left = lab.meter().census().tasks;
    ensure(left <= 1, || {
        format!("the client was dropped, and {left} tasks were alive, the server's among them")
    })
}

async fn fails(lab: Lab) -> Verdict {
    let program = Program::start(&lab).await?;
    let code = program
        .client
        .greet("")
        .await
        .err()
        .map(|status| status.code());
    ensure(code == Some(Code::InvalidArgument), || {
        format!("the server returned InvalidArgument, and the client returned {code:?}")
    })
}
