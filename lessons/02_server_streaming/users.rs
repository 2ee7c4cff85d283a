//! `UserService`: the same users, as a stream and as one reply.

use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use tonic::{Request, Response, Status, Streaming};
use tracing::{error, info};
use workbook::proto::users::user_service_server::UserService;
use workbook::proto::users::{
    CreateUsersResponse, GetAllUsersRequest, GetAllUsersResponse, GetUserListRequest, User,
};

use super::table::{TableError, UserTable};

/// The page size for a caller that does not choose one.
const DEFAULT_PAGE_SIZE: usize = 10;
/// A page is held in memory, so the server bounds what a caller may ask for.
const MAX_PAGE_SIZE: usize = 1000;

/// Serves the users of a table.
pub struct Users {
    pub table: Arc<UserTable>,
}

#[tonic::async_trait]
impl UserService for Users {
    // ANCHOR: pages
    type GetUserListStream = BoxStream<'static, Result<User, Status>>;

    async fn get_user_list(
        &self,
        request: Request<GetUserListRequest>,
    ) -> Result<Response<Self::GetUserListStream>, Status> {
        let size = page_size(request.into_inner().page_size);
        info!("GetUserList by pages of {size}");

        let reading = Reading {
            table: Arc::clone(&self.table),
            size,
            next: Some(0),
            most_held: 0,
        };
        // `try_unfold` carries a state from item to item. It reads a page only when tonic has taken
        // every user of the page before.
        let users = stream::try_unfold(reading, Reading::page)
            .map_ok(|page| stream::iter(page).map(Ok))
            .try_flatten();
        Ok(Response::new(users.boxed()))
    }
    // ANCHOR_END: pages

    // ANCHOR: one_reply
    async fn get_all_users(
        &self,
        _: Request<GetAllUsersRequest>,
    ) -> Result<Response<GetAllUsersResponse>, Status> {
        let mut users = Vec::new();
        for number in 0.. {
            let page = self
                .table
                .page(number, MAX_PAGE_SIZE)
                .await
                .map_err(unreadable)?;
            users.extend(page.users);
            let held = users.len();
            info!(page = number, held, "page {number}: holds {held} users");
            if page.is_last {
                break;
            }
        }
        let held = users.len();
        info!(held, "all read, {held} users held");
        Ok(Response::new(GetAllUsersResponse { users }))
    }
    // ANCHOR_END: one_reply

    async fn create_users(
        &self,
        _: Request<Streaming<User>>,
    ) -> Result<Response<CreateUsersResponse>, Status> {
        Err(Status::unimplemented("lesson 07 serves CreateUsers"))
    }
}

// ANCHOR: next_page
/// The state of one list, between two pages.
struct Reading {
    table: Arc<UserTable>,
    size: usize,
    /// The page to read next; None behind the last.
    next: Option<usize>,
    most_held: usize,
}

impl Reading {
    /// The next page's users, and the state after it.
    async fn page(mut self) -> Result<Option<(Vec<User>, Self)>, Status> {
        let Some(number) = self.next else {
            let most_held = self.most_held;
            info!(
                most_held,
                "all read, never more than {most_held} users held"
            );
            return Ok(None);
        };
        let page = self
            .table
            .page(number, self.size)
            .await
            .map_err(unreadable)?;
        let held = page.users.len();
        info!(page = number, held, "page {number}: holds {held} users");
        self.most_held = self.most_held.max(held);
        self.next = (!page.is_last).then_some(number + 1);
        Ok(Some((page.users, self)))
    }
}
// ANCHOR_END: next_page

fn page_size(asked: i32) -> usize {
    match usize::try_from(asked) {
        Ok(0) | Err(_) => DEFAULT_PAGE_SIZE,
        Ok(size) => size.min(MAX_PAGE_SIZE),
    }
}

// ANCHOR: unreadable
/// The cause stays inside the server, in its log. The client learns only that its request was not at
/// fault, and that a retry may help.
fn unreadable(cause: TableError) -> Status {
    error!(cause = cause.to_string(), "cannot read {cause}");
    Status::unavailable("the users cannot be read at the moment")
}
// ANCHOR_END: unreadable
