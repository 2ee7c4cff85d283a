//! Wrong: tells the error, and goes on reading pages that no client receives.

use std::sync::Arc;

use futures::StreamExt as _;
use futures::stream::BoxStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
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
        let (users, taken) = mpsc::channel(1);
        tokio::spawn(async move {
            for number in 0.. {
                match table.page(number, size).await {
                    Ok(page) => {
                        for user in page.users {
                            if users.send(Ok(user)).await.is_err() {
                                return;
                            }
                        }
                        if page.is_last {
                            return;
                        }
                    }
                    Err(_) => {
                        let _ = users.send(Err(Status::unavailable("cannot read"))).await;
                    }
                }
            }
        });
        Ok(Response::new(ReceiverStream::new(taken).boxed()))
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
