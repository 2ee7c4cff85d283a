//! Grades the exercise: the users that a client receives, and the pages that the table was asked for.

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

/// No correct list of these small tables takes longer than this, in virtual time.
const LISTED_WITHIN: Duration = Duration::from_secs(60);

/// After this long, a server that still reads pages is not going to stop by itself.
const SETTLED_AFTER: Duration = Duration::from_secs(60);

/// A slow client reads one user in this time: longer than a server may wait for room in its own
/// mpsc channel before it gives a user up.
const READS_A_USER_IN: Duration = Duration::from_secs(60);

/// The stream window of a client that does not read, in bytes: about twenty users fit.
const SMALL_WINDOW: u32 = 1024;

/// Pages that may be read for such a client: two fill its window, and tonic and h2 buffer a few.
const PAGES_IN_FLIGHT: usize = 6;

pub fn check() -> Check {
    Check::new()
        .expects("streams every user, in order")
.hint("Pages are counted from 0, the page that `is_last` is the last, and users keep their \
             order.")
.plays(every_user)
        .expects("the first user leaves as soon as the first page is read")
.hint("What does your code do with a page before it reads the next?")
.plays(first_user_early)
        .expects("reads pages of the requested size")
.hint("The caller chooses the size, within limits.")
.plays(asked_page_size)
        .expects("a page_size of 0 or less means 10")
.hint("protobuf does not encode a 0, so a caller that sets no page_size sends a 0.")
.plays(default_page_size)
        .expects("a page_size of more than 1,000 means 1,000")
.hint("A page is held in memory. May a caller choose how much of your memory it takes?")
.plays(page_size_is_bounded)
        .expects("a page that cannot be read ends the call with an error")
.hint("`?` and `Err` work in a stream of results, too. A client takes a stream that ends \
             without an error for a complete list.")
.plays(failure_is_told)
        .expects("reads no further ahead than the client takes")
.hint("Users that were read and not yet taken are in memory. Where do they wait, and how many \
             fit there?")
.plays(does_not_read_ahead)
        .expects("a slow client gets every user, and the error")
.hint("What happens to a user, or to an error, for which there is no room at the moment?")
.plays(slow_client_loses_nothing)
        .expects("stops reading once the client has cancelled the call")
.hint("tonic drops your response stream when the client cancels. What in your code is not \
             part of that stream?")
.plays(stops_when_left)
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
    let first = timeout(LISTED_WITHIN, stream.message()).await;
    let (took, pages) = (start.elapsed(), table.pages_asked());
    ensure(matches!(first, Ok(Ok(Some(_)))), || {
        "no user came".to_owned()
    })?;
    ensure(took <= PAGE_TAKES, || {
        format!(
            "it came after {} ms, when {pages} pages had been read; one page takes {} ms",
            took.as_millis(),
            PAGE_TAKES.as_millis()
        )
    })
}

async fn asked_page_size(lab: Lab) -> Verdict {
    for page_size in [1, 7, 25, 1000] {
        let table = table(25);
        // Other expectations grade what arrives.
        let _ = timeout(LISTED_WITHIN, all(&lab, &table, page_size)).await;
        let asked = asked(&table);
        ensure(
            asked
                .iter()
                .all(|size| i32::try_from(*size) == Ok(page_size)),
            || format!("page_size {page_size}: the table was asked for pages of {asked:?}"),
        )?;
        // One page more, because an empty page is another way to find the end.
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
    // Other expectations grade whether it arrives.
    let _ = timeout(LISTED_WITHIN, stream.message()).await;
    sleep(SETTLED_AFTER).await;
    let pages = table.pages_asked();
    ensure(pages <= PAGES_IN_FLIGHT, || {
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
        sleep(READS_A_USER_IN).await;
        match stream.message().await {
            Ok(Some(user)) => ids.push(user.id),
            Ok(None) => break Ok(()),
            Err(status) => break Err(status),
        }
    };
    let expected: Vec<i32> = (1..=40).collect();
    ensure(ids == expected, || {
        format!(
            "40 users could be read, and {} reached a client that reads one a minute",
            ids.len()
        )
    })?;
    ensure(end.is_err(), || {
        "a page could not be read, and the slow client's call ended with OK".to_owned()
    })
}

async fn default_page_size(lab: Lab) -> Verdict {
    for page_size in [0, -1, i32::MIN] {
        let table = table(25);
        let Ok(got) = timeout(LISTED_WITHIN, all(&lab, &table, page_size)).await else {
            return Err(Finding::seen(format!(
                "page_size {page_size}: no end after {} s, and the table had been asked for {} pages",
                LISTED_WITHIN.as_secs(),
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
        // Other expectations grade what arrives.
        let _ = timeout(LISTED_WITHIN, all(&lab, &table, page_size)).await;
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
        .hint("Which code means that the server cannot answer at the moment?")),
        Err(_) => ensure(ids == 20, || {
            format!("{ids} users came before the error, 20 could be read")
        }),
    }
}

async fn stops_when_left(lab: Lab) -> Verdict {
    let table = table(1_000);
    let mut stream = open(&lab, &table, 10).await?;
    // Other expectations grade whether it arrives.
    let _ = timeout(LISTED_WITHIN, stream.message()).await;
    let before = table.pages_asked();
    drop(stream);
    sleep(SETTLED_AFTER).await;
    let after = table.pages_asked();
    let holders = Arc::strong_count(&table);
    // This check and the service itself hold one each.
    ensure(holders <= 2, || {
        "a minute after the client had cancelled, something still held the table".to_owned()
    })?;
    // One read may have been under way.
    ensure(after <= before + 1, || {
        format!(
            "{} pages were read after the client had cancelled",
            after - before
        )
    })
}
