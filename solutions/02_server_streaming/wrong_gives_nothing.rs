//! Wrong: for a page_size of 0 the first page is empty, and that is taken for the end.

use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
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
        let size = usize::try_from(page_size).unwrap_or(0).min(1000);
        let users = stream::try_unfold(Some(0), move |next: Option<usize>| {
            let table = Arc::clone(&table);
            async move {
                let Some(number) = next else {
                    return Ok::<_, Status>(None);
                };
                let page = table
                    .page(number, size)
                    .await
                    .map_err(|_| Status::unavailable("the users cannot be read at the moment"))?;
                let ends = page.is_last || page.users.is_empty();
                Ok(Some((page.users, (!ends).then_some(number + 1))))
            }
        });
        let users = users
            .map_ok(|page| stream::iter(page).map(Ok))
            .try_flatten();
        Ok(Response::new(users.boxed()))
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
