//! Grades the exercise: the users that a client receives, and the pages that the table was asked for.

#[path = "check/list.rs"]
mod list;
#[path = "check/peers.rs"]
mod peers;

use std::sync::Arc;
use std::time::Duration;

use tonic::service::Routes;
use workbook::grade::{Check, after, count, within};

use super::table::UserTable;
use list::Reads;
use peers::{Directory, Leave, PAGE_TAKES, table};

/// The exercise: a service that lists the users of this table.
pub type Subject = fn(Arc<UserTable>) -> Routes;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Users in a page, where it matters how many are held.
const PAGE: usize = 100;

/// Three pages: h2 holds one that waits for the client's window, tonic has encoded another, and only
/// the third is held by the exercise.
const MOST_HELD: usize = 3 * PAGE;

pub fn check(users: Subject) -> Check {
    Check::new()
        .expects("streams every user, in order")
        .hint(
            "Pages are counted from 0, the page that `is_last` is the last, and users keep their \
             order.",
        )
        .each(
            [(0, 10), (1, 10), (25, 10), (30, 10), (300, 1), (5_001, 1000)]
                .map(|(all, size)| (format!("{all} users by pages of {size}"), (all, size))),
            async move |lab, (all, size)| {
                let directory = Directory::open(&lab, users, table(all)).await?;
                let mut list = directory.list(size).await?;
                list.brings(1..=all).await?;
                list.ends().await
            },
        )
        .expects("the first user leaves as soon as the first page is read")
        .hint("What does your code do with a page before it reads the next?")
        .plays(async move |lab| {
            let directory = Directory::open(&lab, users, table(50)).await?;
            let mut list = directory.list(10).await?;
            list.brings(1..=1).await?;
            let pages = directory.pages_asked();
            let what = format!("it came, when {pages} pages had been read,");
            after(list.open_for(), &what).at_most(PAGE_TAKES)
        })
        .expects("reads pages of the requested size")
        .hint("The caller chooses the size, within limits.")
        .each(
            [1, 7, 25, 1000].map(|size| (format!("page_size {size}"), size)),
            async move |lab, size| {
                let directory = Directory::open(&lab, users, table(25)).await?;
                directory.lists_by(size, size).await
            },
        )
        .expects("a page_size of 0 or less means 10")
        .hint("protobuf does not encode a 0, so a caller that sets no page_size sends a 0.")
        .each(
            [0, -1, i32::MIN].map(|size| (format!("page_size {size}"), size)),
            async move |lab, size| {
                let directory = Directory::open(&lab, users, table(25)).await?;
                directory.lists_by(size, 10).await
            },
        )
        .expects("a page_size of more than 1,000 means 1,000")
        .hint("A page is held in memory. May a caller choose how much of your memory it takes?")
        .each(
            [1_001, i32::MAX].map(|size| (format!("page_size {size}"), size)),
            async move |lab, size| {
                let directory = Directory::open(&lab, users, table(1_200)).await?;
                directory.lists_by(size, 1000).await
            },
        )
        .expects("waits for a page for as long as it takes")
        .hint("A slow table is not an empty one. Only `is_last` is the end.")
        .silence(HOUR * 24 * 7)
        .plays(async move |lab| {
            let slow = UserTable {
                page_takes: HOUR * 10,
                ..table(25)
            };
            let directory = Directory::open(&lab, users, slow).await?;
            let mut list = directory.list(10).await?;
            list.brings(1..=25).await?;
            list.ends().await
        })
        .expects("a page that cannot be read ends the call with an error")
        .hint(
            "`?` and `Err` work in a stream of results, too. A client takes a stream that ends \
             without an error for a complete list.",
        )
        .each(
            [0, 1, 2, 4].map(|page| (format!("page {page} of 5"), page)),
            async move |lab, page| {
                let broken = UserTable {
                    fails_at: Some(page),
                    ..table(50)
                };
                let directory = Directory::open(&lab, users, broken).await?;
                directory.fails_after(10 * page).await?;
                lab.sleep(MINUTE).await;
                let more = directory.pages_asked().saturating_sub(page + 1);
                count(more, "pages read after the one that failed").is(0).map_err(|finding| {
                    finding.hint("The call has ended. What in your code goes on?")
                })
            },
        )
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
                let broken = UserTable {
                    fails_at: Some(4),
                    ..table(100)
                };
                let directory = Directory::open(&lab, users, broken).await?;
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
                let mut list = directory.list(100).await?;
                list.brings(1..=1_000).await?;
                list.ends().await
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
