//! Clients that read the list: quickly, slowly, or not at all.

use std::ops::RangeInclusive;
use std::time::Duration;

use tokio::time::Instant;
use tonic::transport::Channel;
use tonic::{Response, Status, Streaming};
use workbook::grade::{Finding, Verdict, ensure, within};
use workbook::lab::Lab;
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::{GetUserListRequest, User};

use super::super::table::UserTable;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// So small that about twenty users fill the window of a client that does not read, in bytes.
const SMALL_WINDOW: u32 = 1024;

/// How much a client takes before its program reads.
#[derive(Debug, Clone, Copy)]
pub enum Reads {
    /// As much as tonic's default window holds.
    Much,
    /// [`SMALL_WINDOW`].
    Little,
}

/// A client with a connection of its own.
pub async fn connect(lab: &Lab, reads: Reads) -> Result<UserServiceClient<Channel>, Finding> {
    let window = match reads {
        Reads::Much => None,
        Reads::Little => Some(SMALL_WINDOW),
    };
    let channel = lab.channel_with(|endpoint| endpoint.initial_stream_window_size(window));
    Ok(UserServiceClient::new(channel.await?))
}

/// The ids of all users that a client gets, and how its call ended: in the handler or in the stream.
pub async fn all(
    client: &UserServiceClient<Channel>,
    page_size: i32,
) -> (Vec<i32>, Result<(), Status>) {
    let mut ids = Vec::new();
    let read = async {
        let mut users = call(client, page_size).await?;
        while let Some(user) = users.message().await? {
            ids.push(user.id);
        }
        Ok(())
    };
    let end = read.await;
    (ids, end)
}

/// Asks for the list.
pub async fn call(
    client: &UserServiceClient<Channel>,
    page_size: i32,
) -> Result<Streaming<User>, Status> {
    let list = client
        .clone()
        .get_user_list(GetUserListRequest { page_size })
        .await;
    list.map(Response::into_inner)
}

/// The users of one call.
pub struct List {
    called: Instant,
    users: Streaming<User>,
}

impl List {
    pub async fn open(
        client: &UserServiceClient<Channel>,
        page_size: i32,
    ) -> Result<Self, Finding> {
        let called = Instant::now();
        let users = call(client, page_size).await.map_err(|status| {
            Finding::from(status).hint(
                "A handler that returns Err sends no message, so the users read before are lost.",
            )
        })?;
        Ok(Self { called, users })
    }

    /// How long ago the call began.
    pub fn open_for(&self) -> Duration {
        self.called.elapsed()
    }

    /// Expects these users, in order.
    pub async fn brings(&mut self, ids: RangeInclusive<usize>) -> Verdict {
        for id in ids {
            let user = self.users.message().await?.ok_or_else(|| {
                Finding::seen(format!("the stream ended instead of bringing user {id}"))
            })?;
            let due = UserTable::user(id);
            ensure(user == due, || format!("{user:?} came instead of {due:?}"))?;
        }
        Ok(())
    }

    /// Expects as many users, in order, and then the end.
    pub async fn brings_all(&mut self, count: usize) -> Verdict {
        self.brings(1..=count).await?;
        self.ends().await
    }

    /// Expects the stream to end with OK.
    async fn ends(&mut self) -> Verdict {
        let what = "the stream had not ended";
        let end = within(HOUR, what, self.users.message()).await??;
        ensure(end.is_none(), || "another user came after the last")
    }

    /// Expects the stream to end with an error.
    pub async fn fails(&mut self) -> Verdict {
        match self.users.message().await {
            Err(_) => Ok(()),
            Ok(Some(user)) => Err(Finding::seen(format!("user {} came", user.id))),
            Ok(None) => Err(Finding::seen(
                "a page could not be read, and the slow client's call ended with OK",
            )),
        }
    }
}
