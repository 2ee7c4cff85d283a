//! Clients that read slowly, not at all, or no longer.

use workbook::grade::{Check, count, within};

use super::list::Reads;
use super::peers::{Directory, Leave, PAGE_TAKES, fails_at, table};
use super::{HOUR, MINUTE, Subject};

/// Users in a page, where it matters how many are held.
const PAGE: usize = 100;

/// Three pages: h2 holds one that waits for the client's window, tonic has encoded another, and only
/// the third is held by the exercise.
const MOST_HELD: usize = 3 * PAGE;

/// Adds what a client that takes its time gets, and what it costs.
pub fn check(check: Check, users: Subject) -> Check {
    check
        .expects("reads no further ahead than the client takes")
        .hint(
            "Users that were read and not yet taken are in memory. Where do they wait, and how many \
             fit there?",
        )
        .plays(async move |lab| {
            let directory = Directory::open(&lab, users, table(10_000)).await?;
            let mut list = directory.list_to(Reads::Little, 100).await?;
            list.brings(1..=1).await?;
            lab.sleep(MINUTE).await;
            let (pages, sent) = (directory.pages_asked(), directory.sent());
            let what = format!("users of {pages} pages that were asked for, and not sent");
            count((pages * PAGE).saturating_sub(sent), &what).at_most(MOST_HELD)
        })
        .expects("a slow client gets every user, and the error")
        .hint("What happens to a user, or to an error, for which there is no room at the moment?")
        .silence(HOUR * 24)
        .each(
            [
                ("a client that reads one user a minute", MINUTE),
                ("a client that reads one user in ten hours", HOUR * 10),
            ],
            async move |lab, pause| {
                let directory = Directory::open(&lab, users, fails_at(4, 100)).await?;
                let mut list = directory.list_to(Reads::Little, 10).await?;
                for user in 1..=40 {
                    lab.sleep(pause).await;
                    list.brings(user..=user).await?;
                }
                list.fails().await
            },
        )
        .expects("lists for a second client beside one that does not read")
        .hint("What do two calls share, and for how long does each of them hold it?")
        .plays(async move |lab| {
            let directory = Directory::open(&lab, users, table(1_000)).await?;
            let mut stalled = directory.list_to(Reads::Little, 10).await?;
            stalled.brings(1..=1).await?;
            let all = async {
                directory.list(100).await?.brings_all(1_000).await
            };
            within(MINUTE, "the second list had not come", all).await?
        })
        .expects("stops reading once the client has cancelled the call")
        .hint(
            "tonic drops your response stream when the client cancels. What in your code is not \
             part of that stream?",
        )
        .each(
            [
                ("before the first page is read", (PAGE_TAKES / 2, Leave::Cancel)),
                ("while the second page is read", (PAGE_TAKES * 3 / 2, Leave::Cancel)),
                ("while the 30th page is read", (PAGE_TAKES * 59 / 2, Leave::Cancel)),
                ("a client that does not read", (PAGE_TAKES * 599 / 2, Leave::CancelUnread)),
                ("the connection breaks", (PAGE_TAKES * 3 / 2, Leave::Break)),
            ],
            async move |lab, (when, leave)| {
                let directory = Directory::open(&lab, users, table(10_000)).await?;
                directory.stops(when, leave).await
            },
        )
}
