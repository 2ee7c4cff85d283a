//! One `GetUserList` call, and what its client receives.

use std::sync::Arc;
use std::time::Duration;

use tonic::transport::Server;
use tonic::{Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::user_service_server::UserServiceServer;
use workbook::proto::users::{GetUserListRequest, User};

use super::super::exercise::Users;
use super::super::table::UserTable;

/// How long the table takes for one page.
pub const PAGE_TAKES: Duration = Duration::from_millis(100);

/// What a client got: the ids, and how it ended.
pub struct Got {
    pub ids: Vec<i32>,
    pub end: Result<(), Status>,
}

pub async fn all(lab: &Lab, table: &Arc<UserTable>, page_size: i32) -> Result<Got, Finding> {
    let mut ids = Vec::new();
    let mut stream = open(lab, table, page_size).await?;
    let end = loop {
        match stream.message().await {
            Ok(Some(user)) => ids.push(user.id),
            Ok(None) => break Ok(()),
            Err(status) => break Err(status),
        }
    };
    Ok(Got { ids, end })
}

pub async fn open(
    lab: &Lab,
    table: &Arc<UserTable>,
    page_size: i32,
) -> Result<Streaming<User>, Finding> {
    open_with(lab, table, page_size, None).await
}

pub async fn open_with(
    lab: &Lab,
    table: &Arc<UserTable>,
    page_size: i32,
    window: Option<u32>,
) -> Result<Streaming<User>, Finding> {
    let users = Users {
        table: Arc::clone(table),
    };
    lab.serve(Server::builder().add_service(UserServiceServer::new(users)));
    let channel = lab
        .channel_with(|endpoint| endpoint.initial_stream_window_size(window))
        .await;
    let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
    let mut client = UserServiceClient::new(channel);
    let response = client.get_user_list(GetUserListRequest { page_size }).await;
    response.map(tonic::Response::into_inner).map_err(|status| {
        Finding::seen(format!(
            "the call itself failed with {:?} {:?}",
            status.code(),
            status.message()
        ))
        .hint("A handler that returns Err sends no message, so the users read before are lost.")
    })
}

pub fn table(users: usize) -> Arc<UserTable> {
    Arc::new(plain(users))
}

pub fn plain(users: usize) -> UserTable {
    UserTable {
        users,
        page_takes: PAGE_TAKES,
        ..UserTable::default()
    }
}

pub fn asked(table: &UserTable) -> Vec<usize> {
    table
        .asked
        .lock()
        .unwrap_or_else(|poison| poison.into_inner())
        .clone()
}
