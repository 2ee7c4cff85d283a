//! Wrong: a list that a client does not read holds the lock that every other list waits for.

use std::sync::Arc;

use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::sync::Mutex;
use tonic::{Request, Response, Status, Streaming};
use tracing::error;
use workbook::proto::users::user_service_server::UserService;
use workbook::proto::users::{
    CreateUsersResponse, GetAllUsersRequest, GetAllUsersResponse, GetUserListRequest, User,
};

use super::table::{TableError, UserTable};

/// The page size for a caller that does not choose one.
const DEFAULT_PAGE_SIZE: usize = 10;
/// A page is held in memory, so the server bounds what a caller may ask for.
const MAX_PAGE_SIZE: usize = 1000;

/// The service; `self.table.page(number, size).await` reads a page (see `table.rs`).
pub struct Users {
    /// Where the users are.
    pub table: Arc<UserTable>,
}

/// One list at a time.
static LISTING: Mutex<()> = Mutex::const_new(());

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
            .unwrap_or(DEFAULT_PAGE_SIZE)
            .min(MAX_PAGE_SIZE);
        let pages = stream::try_unfold(Some(0), move |next| {
            next_page(Arc::clone(&table), size, next)
        });
        let listing = LISTING.lock().await;
        let users = pages
            .map_ok(|page| stream::iter(page).map(Ok))
            .try_flatten()
            .inspect(move |_| {
                let _ = &listing;
            });
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

/// The users of page `next`, and the number of the page after it; None after the last.
async fn next_page(
    table: Arc<UserTable>,
    size: usize,
    next: Option<usize>,
) -> Result<Option<(Vec<User>, Option<usize>)>, Status> {
    let Some(number) = next else {
        return Ok(None);
    };
    let page = table.page(number, size).await.map_err(unreadable)?;
    let after = (!page.is_last).then_some(number + 1);
    Ok(Some((page.users, after)))
}

/// The cause stays inside the server, in its log.
fn unreadable(cause: TableError) -> Status {
    error!("cannot read {cause}");
    Status::unavailable("the users cannot be read at the moment")
}
