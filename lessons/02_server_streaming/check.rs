//! Grades the exercise: the users that a client receives, and the pages that the table was asked for.

#[path = "check/list.rs"]
mod list;
#[path = "check/peers.rs"]
mod peers;
#[path = "check/slow.rs"]
mod slow;

use std::sync::Arc;
use std::time::Duration;

use tonic::service::Routes;
use workbook::grade::{Check, after, count};

use super::table::UserTable;
use peers::{Directory, PAGE_TAKES, fails_at, table};

/// The exercise: a service that lists the users of this table.
pub type Subject = fn(Arc<UserTable>) -> Routes;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

pub fn check(users: Subject) -> Check {
    let check = Check::new()
        .expects("streams every user, in order")
        .hint(
            "Pages are counted from 0, the page that `is_last` is the last, and users keep their \
             order.",
        )
        .each(
            [
                (0, 10),
                (1, 10),
                (25, 10),
                (30, 10),
                (300, 1),
                (5_001, 1000),
            ]
            .map(|(all, size)| (format!("{all} users by pages of {size}"), (all, size))),
            async move |lab, (all, size)| {
                let directory = Directory::open(&lab, users, table(all)).await?;
                directory.list(size).await?.brings_all(all).await
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
            directory.list(10).await?.brings_all(25).await
        })
        .expects("a page that cannot be read ends the call with an error")
        .hint(
            "`?` and `Err` work in a stream of results, too. A client takes a stream that ends \
             without an error for a complete list.",
        )
        .each(
            [0, 1, 2, 4].map(|page| (format!("page {page} of 5"), page)),
            async move |lab, page| {
                let directory = Directory::open(&lab, users, fails_at(page, 50)).await?;
                directory.fails_after(10 * page).await?;
                lab.sleep(MINUTE).await;
                let more = directory.pages_asked().saturating_sub(page + 1);
                count(more, "pages read after the one that failed")
                    .is(0)
                    .map_err(|finding| {
                        finding.hint("The call has ended. What in your code goes on?")
                    })
            },
        );
    slow::check(check, users)
}
