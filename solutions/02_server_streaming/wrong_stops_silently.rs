//! Wrong: a page that cannot be read looks like the end of the list.

use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt as _};
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
        let size = usize::try_from(page_size)
            .ok()
            .filter(|size| *size > 0)
            .unwrap_or(10)
            .min(1000);
        let pages = stream::unfold(Some(0), move |next: Option<usize>| {
            let table = Arc::clone(&table);
            async move {
                let number = next?;
                let page = table.page(number, size).await.ok()?;
                let after = (!page.is_last).then_some(number + 1);
                Some((stream::iter(page.users).map(Ok), after))
            }
        });
        Ok(Response::new(pages.flatten().boxed()))
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
