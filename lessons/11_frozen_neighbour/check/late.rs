//! What a download keeps while it is not read, what it gives back when it is dropped, and calls that fail.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::Code;
use workbook::grade::{AN_INSTANT, Check, count, ended, ensure};

use workbook::lab::{CLIENT, SERVER};

use super::super::network::Network;
use super::peers::{Program, ends, reads, tasks};
use super::server::{CHUNK, LATE, REFUSED, REFUSED_LATE, refusal};
use super::{DOWNLOADS, LONG_FILE, MEDIUM_FILE, SECOND, Subject};

/// The limit in the exercise's text.
const MOST_UNREAD: usize = 4 * 1024 * 1024;

/// A connection has two tasks at the client and two at the server.
const TASKS_OF_A_CONNECTION: usize = 4;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Adds what becomes of downloads and calls in the end.
pub fn check(check: Check, connect: Subject) -> Check {
    check
        .expects("delivers every chunk of a download that is read late")
        .hint("A download that is not read yet is still wanted: its chunks must arrive when they are read.")
        .each(
            [("after ten minutes", SECOND * 600), ("after a day", DAY)],
            async move |lab, late| {
                let program = Program::start(&lab, connect).await?;
                let mut downloads = program.downloads(3, LONG_FILE).await?;
                lab.sleep(late).await;
                for download in &mut downloads {
                    reads(download, 0..LONG_FILE).await?;
                    ends(download).await?;
                }
                Ok(())
            },
        )
        .expects("reads nothing ahead: at most 4 MiB of a file are under way")
        .hint("Reading into a queue frees the connection's window, and fills the memory instead.")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            let mut download = program.download(LONG_FILE).await?;
            for read in [0..0, 0..1, 1..101] {
                let done = read.end;
                reads(&mut download, read).await?;
                lab.sleep(SECOND).await;
                let unread = program.made().saturating_sub(done) * CHUNK;
                count(unread, "bytes of a file that were made and not read").at_most(MOST_UNREAD)?;
            }
            Ok(())
        })
        .expects("closes what it opened, when the downloads and the client are dropped")
        .hint("What still holds a `Channel`, or a task that reads?")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            lab.sleep(SECOND).await;
            let before = tasks(&lab);
            for _ in 0..2 {
                let unread = program.downloads(DOWNLOADS / 2, MEDIUM_FILE).await?;
                lab.sleep(SECOND).await;
                drop(unread);
                sleep(AN_INSTANT).await;
                // One connection may be kept for the next download.
                let more = tasks(&lab).saturating_sub(before);
                count(more, "tasks more than before the downloads, which were all dropped")
                    .at_most(TASKS_OF_A_CONNECTION)?;
                count(lab.open_calls().len(), "calls open after every download was dropped").is(0)?;
            }
            drop(program);
            sleep(AN_INSTANT).await;
            // The server's own is one.
            count(tasks(&lab), "tasks alive after the client was dropped, the server's among them").at_most(1)
        })
        .expects("returns the status of a call that fails")
        .hint("The caller needs the status that the server chose.")
        .each([("at once", REFUSED), ("late", REFUSED_LATE)], async move |lab, name| {
            let program = Program::start(&lab, connect).await?;
            ended(&program.client.greet(name).await).as_sent(&refusal())?;
            ended(&program.client.download(name).await).as_sent(&refusal())
        })
        .expects("closes what it opened for a download that is given up before it begins")
        .hint("The caller drops the future of `download`. What of your code goes on without it?")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            lab.sleep(SECOND).await;
            let before = tasks(&lab);
            for _ in 0..3 {
                // It fails only if it is answered.
                let _ = timeout(SECOND * 10, program.client.download(LATE)).await;
            }
            sleep(AN_INSTANT).await;
            let more = tasks(&lab).saturating_sub(before);
            count(more, "tasks more than before three downloads, which were given up")
                .at_most(TASKS_OF_A_CONNECTION)?;
            count(lab.open_calls().len(), "calls open after every download was given up").is(0)
        })
        .expects("returns Unavailable for a download for which no connection can be made")
        .hint("Which connection does your code use when a new one is refused? What becomes of the greetings then?")
        .plays(async move |lab| {
            let program = Program::start(&lab, connect).await?;
            program.greets("Ada").await?;
            lab.link(CLIENT, SERVER).refuse();
            // An answer whose downloads share connections needs a new one only now and then.
            let mut open = Vec::new();
            while open.len() < DOWNLOADS {
                match program.client.download(&LONG_FILE.to_string()).await {
                    Ok(download) => open.push(download),
                    Err(status) => {
                        ended(&Err::<(), _>(status)).with(Code::Unavailable)?;
                        break;
                    }
                }
            }
            lab.sleep(SECOND).await;
            program.greets("Ada").await
        })
        .expects("returns Unavailable when no server listens")
        .hint("`network.connect` can fail. What does your code do then?")
        .plays(async move |lab| {
            // Connecting may be left to the first call.
            let client = match connect(Network::new(&lab)).await {
                Ok(client) => client,
                Err(status) => return ended(&Err::<(), _>(status)).with(Code::Unavailable),
            };
            ended(&client.greet("Ada").await).with(Code::Unavailable)?;
            ended(&client.download("5").await).with(Code::Unavailable)?;
            ensure(tasks(&lab) == 0, || "a task is left of connections that were never made")
        })
}
