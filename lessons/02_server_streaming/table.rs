//! A table of users that is read page by page. It stands in for a database: each read takes time,
//! and a read can fail.

use std::error::Error;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
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
    /// The sizes of the pages that were asked for, in order. A blocking mutex is right here: no
    /// `.await` happens while it is locked, so a thread waits for no longer than a push takes.
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

/// The table could not be read. The reason names what is inside the server, so it belongs into its
/// log, and not into a status.
#[derive(Debug)]
pub struct TableError {
    page: usize,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {}: the database closed the connection", self.page)
    }
}

impl Error for TableError {}

impl UserTable {
    /// Reads a page; pages are counted from 0. A page of size 0 is empty, and not the last one.
    ///
    /// # Errors
    /// [`TableError`] when the page cannot be read.
    pub async fn page(&self, number: usize, size: usize) -> Result<Page, TableError> {
        self.lock().push(size);
        if !self.page_takes.is_zero() {
            sleep(self.page_takes).await;
        }
        if self.fails_at == Some(number) {
            return Err(TableError { page: number });
        }
        let first = number.saturating_mul(size).min(self.users);
        let end = first.saturating_add(size).min(self.users);
        Ok(Page {
            users: (first + 1..=end).map(Self::user).collect(),
            is_last: size > 0 && end == self.users,
        })
    }

    /// How many pages were asked for so far.
    pub fn pages_asked(&self) -> usize {
        self.lock().len()
    }

    /// The sizes of the pages that were asked for so far.
    pub fn asked(&self) -> Vec<usize> {
        self.lock().clone()
    }

    /// The user of that id.
    pub fn user(id: usize) -> User {
        User {
            id: i32::try_from(id).unwrap_or(i32::MAX),
            name: format!("User Number {id}"),
            email: format!("user{id}@mail.example.com"),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<usize>> {
        // Only a push changes the list, so even a poisoned lock guards a complete one.
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
