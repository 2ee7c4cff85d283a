//! Grades the exercise: what a client sees, and what the table was asked for.

#[path = "check/listing.rs"]
mod listing;

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::Code;
use workbook::grade::{Check, Finding, Verdict, ensure};
use workbook::lab::Lab;

use super::table::UserTable;
use listing::{PAGE_TAKES, all, asked, open, open_with, plain, table};

/// No honest answer to these small tables takes longer than this, in virtual time.
const LONG: Duration = Duration::from_secs(60);

/// A client that takes this many bytes before it has read any: about twenty users.
const SMALL_WINDOW: u32 = 1024;

/// Pages that may be under way to such a client: two in its window, and some between the two.
const FEW_PAGES: usize = 6;

/// All that is expected of the exercise.
pub fn check() -> Check {
    Check::new()
        .expects(
            "streams every user, in order",
            "Pages are counted from 0, a page that is not the last has a next one, and users keep \
             their order.",
            every_user,
        )
        .expects(
            "the first user leaves as soon as the first page is read",
            "What does your code do with a page before it reads the next?",
            first_user_early,
        )
        .expects(
            "reads by pages of the size that was asked for",
            "The caller chooses, within limits.",
            asked_page_size,
        )
        .expects(
            "a page_size of 0 or less means 10",
            "protobuf leaves out what is 0, so 0 is what a caller sends who did not choose.",
            default_page_size,
        )
        .expects(
            "a page_size of more than 1,000 means 1,000",
            "A page is held in memory. Who may choose how much of your memory that is?",
            page_size_is_bounded,
        )
        .expects(
            "a page that cannot be read ends the call with an error",
            "`?` and `Err` work in a stream of results, too. To the client an end without an \
             error is a complete list.",
            failure_is_told,
        )
        .expects(
            "reads no further ahead than the client takes",
            "What has been read and not been taken is in memory. Where does it wait, and how much \
             fits in there?",
            does_not_read_ahead,
        )
        .expects(
            "a slow client gets every user, and the error",
            "What happens to a user, or to an error, for which there is no room at the moment?",
            slow_client_loses_nothing,
        )
        .expects(
            "reads nothing more once the client has left",
            "Who drops your stream when the client leaves, and what does it hold?",
            stops_when_left,
        )
}

async fn every_user(lab: Lab) -> Verdict {
    for users in [0, 1, 25, 30] {
        let table = table(users);
        let got = all(&lab, &table, 10).await?;
        if let Err(status) = got.end {
            return Err(Finding::seen(format!(
                "a table of {users} users: the call ended with {:?} {:?}",
                status.code(),
                status.message()
            )));
        }
        let expected: Vec<i32> = (1..).take(users).collect();
        ensure(got.ids == expected, || {
            format!(
                "a table of {users} users, pages of 10: the ids came as {:?}",
                got.ids
            )
        })?;
    }
    Ok(())
}

async fn first_user_early(lab: Lab) -> Verdict {
    let table = table(50);
    let start = Instant::now();
    let mut stream = open(&lab, &table, 10).await?;
    let first = timeout(LONG, stream.message()).await;
    let (took, pages) = (start.elapsed(), table.pages_asked());
    ensure(matches!(first, Ok(Ok(Some(_)))), || {
        "no user came".to_owned()
    })?;
    ensure(took <= PAGE_TAKES, || {
        format!(
            "it came after {} ms, when {pages} pages had been read; one takes {} ms",
            took.as_millis(),
            PAGE_TAKES.as_millis()
        )
    })
}

async fn asked_page_size(lab: Lab) -> Verdict {
    for page_size in [1, 7, 25, 1000] {
        let table = table(25);
        // What arrives is for the other expectations.
        let _ = timeout(LONG, all(&lab, &table, page_size)).await;
        let asked = asked(&table);
        ensure(
            asked
                .iter()
                .all(|size| i32::try_from(*size) == Ok(page_size)),
            || format!("page_size {page_size}: the table was asked for pages of {asked:?}"),
        )?;
        // One more, for whoever reads on to find out that there is none.
        let pages = table.users.div_ceil(asked.first().copied().unwrap_or(1)) + 1;
        ensure(asked.len() <= pages, || {
            format!(
                "page_size {page_size}: {} pages were read for 25 users",
                asked.len()
            )
        })?;
    }
    Ok(())
}

async fn does_not_read_ahead(lab: Lab) -> Verdict {
    let table = table(1_000);
    let mut stream = open_with(&lab, &table, 10, Some(SMALL_WINDOW)).await?;
    // Whether it comes is for the other expectations.
    let _ = timeout(LONG, stream.message()).await;
    sleep(LONG).await;
    let pages = table.pages_asked();
    ensure(pages <= FEW_PAGES, || {
        format!("the client had taken 1 user of 1000, and {pages} of 100 pages had been read")
    })
}

async fn slow_client_loses_nothing(lab: Lab) -> Verdict {
    let table = Arc::new(UserTable {
        fails_at: Some(4),
        ..plain(100)
    });
    let mut stream = open_with(&lab, &table, 10, Some(SMALL_WINDOW)).await?;
    let mut ids = Vec::new();
    let end = loop {
        // Slower than any patience that a server may have with its own channel.
        sleep(LONG).await;
        match stream.message().await {
            Ok(Some(user)) => ids.push(user.id),
            Ok(None) => break Ok(()),
            Err(status) => break Err(status),
        }
    };
    let expected: Vec<i32> = (1..=40).collect();
    ensure(ids == expected, || {
        format!(
            "40 users could be read, and {} came to a client that takes one a minute",
            ids.len()
        )
    })?;
    ensure(end.is_err(), || {
        "a page could not be read, and a slow client was told OK".to_owned()
    })
}

async fn default_page_size(lab: Lab) -> Verdict {
    for page_size in [0, -1, i32::MIN] {
        let table = table(25);
        let Ok(got) = timeout(LONG, all(&lab, &table, page_size)).await else {
            return Err(Finding::seen(format!(
                "page_size {page_size}: no end after {} s, and the table had been asked for {} pages",
                LONG.as_secs(),
                table.pages_asked()
            )));
        };
        let got = got?;
        let asked = asked(&table);
        ensure(asked.iter().all(|size| *size == 10), || {
            format!("page_size {page_size}: the table was asked for pages of {asked:?}")
        })?;
        ensure(got.ids.len() == 25, || {
            format!("page_size {page_size}: {} of 25 users came", got.ids.len())
        })?;
    }
    Ok(())
}

async fn page_size_is_bounded(lab: Lab) -> Verdict {
    for page_size in [1001, i32::MAX] {
        let table = table(1500);
        // What arrives is for the other expectations.
        let _ = timeout(LONG, all(&lab, &table, page_size)).await;
        let asked = asked(&table);
        ensure(asked.iter().all(|size| *size <= 1000), || {
            format!("page_size {page_size}: the table was asked for pages of {asked:?}")
        })?;
    }
    Ok(())
}

async fn failure_is_told(lab: Lab) -> Verdict {
    let table = Arc::new(UserTable {
        fails_at: Some(2),
        ..plain(50)
    });
    let got = all(&lab, &table, 10).await?;
    let ids = got.ids.len();
    match got.end {
        Ok(()) => Err(Finding::seen(format!(
            "{ids} of 50 users came, then the end, with status OK"
        ))),
        Err(status) if status.code() == Code::Unknown => Err(Finding::seen(format!(
            "the code is Unknown, {:?}",
            status.message()
        ))
        .hint("Which code says that the server cannot do it at the moment?")),
        Err(_) => ensure(ids == 20, || {
            format!("{ids} users came before the error, 20 could be read")
        }),
    }
}

async fn stops_when_left(lab: Lab) -> Verdict {
    let table = table(1_000);
    let mut stream = open(&lab, &table, 10).await?;
    // Whether it comes is for the other expectations.
    let _ = timeout(LONG, stream.message()).await;
    let before = table.pages_asked();
    drop(stream);
    sleep(LONG).await;
    let after = table.pages_asked();
    let holders = Arc::strong_count(&table);
    // This check and the service itself.
    ensure(holders <= 2, || {
        "a minute after the client had left, something still held the table".to_owned()
    })?;
    // One more may have been under way.
    ensure(after <= before + 1, || {
        format!(
            "{} pages were read after the client had left",
            after - before
        )
    })
}
