//! A table of users behind the exercise, and what is expected of it.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::Code;
use tonic::transport::Server;
use workbook::grade::{Finding, Verdict, baseline, count, ended, ensure, within};
use workbook::lab::Lab;

use super::super::table::UserTable;
use super::Subject;
use super::list::{List, Reads, all, call, connect};

const MINUTE: Duration = Duration::from_secs(60);

/// How long the table takes for one page.
pub const PAGE_TAKES: Duration = Duration::from_millis(100);

/// A table of that many users.
pub fn table(users: usize) -> UserTable {
    UserTable {
        users,
        page_takes: PAGE_TAKES,
        ..UserTable::default()
    }
}

/// A table of that many users, of which a page cannot be read.
pub fn fails_at(page: usize, users: usize) -> UserTable {
    UserTable {
        fails_at: Some(page),
        ..table(users)
    }
}

/// How a client ends a call that is not over.
#[derive(Debug, Clone, Copy)]
pub enum Leave {
    /// It reads, and then drops the call or its response stream.
    Cancel,
    /// The same, but it has read nothing.
    CancelUnread,
    /// It reads, and then its connection breaks.
    Break,
}

/// A table behind the exercise, and its clients.
pub struct Directory {
    lab: Lab,
    table: Arc<UserTable>,
}

impl Directory {
    pub async fn open(lab: &Lab, users: Subject, table: UserTable) -> Result<Self, Finding> {
        let table = Arc::new(table);
        let server = Server::builder().layer(lab.meter().layer());
        lab.serve({ server }.add_routes(users(Arc::clone(&table))));
        Ok(Self {
            lab: lab.clone(),
            table,
        })
    }

    pub async fn list(&self, page_size: i32) -> Result<List, Finding> {
        self.list_to(Reads::Much, page_size).await
    }

    /// Asks for the list on a connection of its own.
    pub async fn list_to(&self, reads: Reads, page_size: i32) -> Result<List, Finding> {
        List::open(&connect(&self.lab, reads).await?, page_size).await
    }

    /// Asks for pages of one size, and expects that all users are read by pages of the other.
    pub async fn lists_by(&self, page_size: i32, due: i32) -> Verdict {
        let client = connect(&self.lab, Reads::Much).await?;
        let all = within(MINUTE, "", all(&client, page_size)).await;
        let (ids, end) = all.map_err(|_| {
            let pages = self.pages_asked();
            Finding::seen(format!(
                "no end after 60 s, and {pages} pages were asked for"
            ))
        })?;
        self.asked_only_for(due)?;
        count(ids.len(), "users that came").is(self.table.users)?;
        ended(&end).well()?;
        // One page more, because an empty page is another way to find the end.
        let pages = self.table.users.div_ceil(usize::try_from(due).unwrap_or(1)) + 1;
        count(self.pages_asked(), "pages that were read").at_most(pages)
    }

    /// Asks for pages of ten, and expects that many users, and then the end of a call that failed.
    pub async fn fails_after(&self, users: usize) -> Verdict {
        let client = connect(&self.lab, Reads::Much).await?;
        let (ids, end) = all(&client, 10).await;
        ensure(end.is_err(), || {
            format!(
                "{} of {} users came, then the end, with status OK",
                ids.len(),
                self.table.users
            )
        })?;
        if ended(&end).with(Code::Unknown).is_ok() {
            let which = "Which code means that the server cannot answer at the moment?";
            return Err(Finding::seen("the code is Unknown").hint(which));
        }
        count(ids.len(), "users that came before the error").is(users)
    }

    pub fn pages_asked(&self) -> usize {
        self.table.pages_asked()
    }

    fn asked_only_for(&self, page_size: i32) -> Verdict {
        let asked = self.table.asked();
        let is_due = |size: &usize| i32::try_from(*size) == Ok(page_size);
        ensure(asked.iter().all(is_due), || {
            let some: Vec<_> = asked.iter().take(10).collect();
            format!("the table was asked for pages of {some:?}")
        })
    }

    /// How many users have been sent to the clients.
    pub fn sent(&self) -> usize {
        let calls = self.lab.calls();
        let sent: u64 = calls.iter().map(|call| call.response.messages).sum();
        usize::try_from(sent).unwrap_or(usize::MAX)
    }

    /// Calls, ends the call so long afterwards, and expects that no page is asked for any more, and
    /// that nothing is left once a read that was under way is over.
    pub async fn stops(&self, when: Duration, leave: Leave) -> Verdict {
        let client = connect(&self.lab, Reads::Little).await?;
        // The first call also starts the connection's own tasks.
        let _ = timeout(PAGE_TAKES * 2, call(&client, 1)).await;
        sleep(PAGE_TAKES * 2).await;
        let (before, earlier) = (baseline(&self.lab), self.pages_asked());
        let stay = async {
            let mut users = call(&client, 10).await?;
            while !matches!(leave, Leave::CancelUnread) && users.message().await?.is_some() {}
            pending::<Verdict>().await
        };
        tokio::select! {
            biased;
            ended = stay => ended?,
            () = sleep(when) => if matches!(leave, Leave::Break) { self.lab.cut() },
        }
        let asked = self.pages_asked();
        count(asked - earlier, "pages read before the client cancelled").at_least(1)?;
        sleep(PAGE_TAKES * 2).await;
        let more = self.pages_asked() - asked;
        count(more, "pages read after the client had cancelled").is(0)?;
        // This check and the service hold one each.
        ensure(
            Arc::strong_count(&self.table) <= 2,
            || "something of the call still holds the table",
        )?;
        match leave {
            // The connection's tasks have ended, too, so there is nothing to compare with.
            Leave::Break => Ok(()),
            Leave::Cancel | Leave::CancelUnread => before.nothing_is_left(&self.lab).await,
        }
    }
}
