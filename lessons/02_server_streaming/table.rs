//! A table of users that is read page by page. It stands in for a database: each read takes time,
//! and a read can fail.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::sleep;
use workbook::proto::users::User;

/// The table. Its users have the ids 1, 2, 3, …
#[derive(Debug, Default)]
pub struct UserTable {
    /// How many users it holds.
    pub users: usize,
    /// How long it takes to read one page.
    pub page_takes: Duration,
    /// The page whose read fails, if there is one.
    pub fails_at: Option<usize>,
    /// The sizes of the pages that were asked for, in order.
    pub asked: Mutex<Vec<usize>>,
}

/// One page of users.
#[derive(Debug)]
pub struct Page {
    /// The users, in the order of their ids.
    pub users: Vec<User>,
    /// Whether this is the last page.
    pub is_last: bool,
}

/// The table could not be read.
#[derive(Debug)]
pub struct TableError;

impl UserTable {
    /// Reads a page; pages are counted from 0. A page of size 0 is empty, and not the last one.
    ///
    /// # Errors
    /// [`TableError`] when the page cannot be read.
    pub async fn page(&self, number: usize, size: usize) -> Result<Page, TableError> {
        // Only this push and a `len` hold the lock, so even a poisoned lock guards a complete list.
        self.asked
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
            .push(size);
        if !self.page_takes.is_zero() {
            sleep(self.page_takes).await;
        }
        if self.fails_at == Some(number) {
            return Err(TableError);
        }
        let first = number.saturating_mul(size).min(self.users);
        let end = first.saturating_add(size).min(self.users);
        Ok(Page {
            users: (first..end).map(user).collect(),
            is_last: size > 0 && end == self.users,
        })
    }

    /// How many pages were asked for so far.
    pub fn pages_asked(&self) -> usize {
        self.asked
            .lock()
            .unwrap_or_else(|poison| poison.into_inner())
            .len()
    }
}

fn user(index: usize) -> User {
    let id = index + 1;
    User {
        id: i32::try_from(id).unwrap_or(i32::MAX),
        name: format!("User Number {id}"),
        email: format!("user{id}@mail.example.com"),
    }
}
