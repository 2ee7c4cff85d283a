//! Exercise 02: stream a list of users without ever holding all of it in memory.
//!
//! `GetUserList` streams every user of the table, in order.
//! - Read the table by pages of `page_size`; 0 or less means 10, and more than 1,000 means 1,000.
//!   Never hold more than one page.
//! - The first user leaves as soon as the first page has been read.
//! - When a page cannot be read, the users before it still arrive, and then the call fails. Read
//!   nothing more, and do not take a slow page for an end.
//! - When the client cancels the call, read nothing more.
//!
//! Check it:     cargo run --bin lesson02 -- check
//! Try it:       cargo run --bin lesson02 -- serve --mine

use std::sync::Arc;

use futures::stream::BoxStream;
use tonic::{Request, Response, Status, Streaming};
use workbook::proto::users::user_service_server::UserService;
use workbook::proto::users::{
    CreateUsersResponse, GetAllUsersRequest, GetAllUsersResponse, GetUserListRequest, User,
};

use super::table::UserTable;

/// The service; `self.table.page(number, size).await` reads a page (see `table.rs`).
pub struct Users {
    /// Where the users are.
    pub table: Arc<UserTable>,
}

#[tonic::async_trait]
impl UserService for Users {
    type GetUserListStream = BoxStream<'static, Result<User, Status>>;

    async fn get_user_list(
        &self,
        request: Request<GetUserListRequest>,
    ) -> Result<Response<Self::GetUserListStream>, Status> {
        let page_size = request.into_inner().page_size;
        let table = Arc::clone(&self.table);
        todo!(
            "stream the {} users of the table by pages of {page_size}",
            table.users
        )
    }

    // The rest of the service is not part of this exercise.

    async fn get_all_users(
        &self,
        _: Request<GetAllUsersRequest>,
    ) -> Result<Response<GetAllUsersResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }

    async fn create_users(
        &self,
        _: Request<Streaming<User>>,
    ) -> Result<Response<CreateUsersResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
