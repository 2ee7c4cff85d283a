//! `UserService`: the same directory behind three ways to handle an error.

use std::sync::Arc;
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::users::user_service_server::UserService;
use workbook::proto::users::{
    CreateUsersResponse, GetAllUsersRequest, GetAllUsersResponse, GetUserListRequest, User,
};

use super::memory::Memory;
use super::{broken, exercise, fixed};

/// How long it takes to write the created users to disk. The answer waits for it.
const DISK_TAKES: Duration = Duration::from_millis(20);

/// How the handler treats an error of the stream.
#[derive(Debug, Clone, Copy)]
pub enum Create {
    GoesOn,
    Stops,
    Mine,
}

pub struct Users {
    pub directory: Arc<Memory>,
    pub create: Create,
}

#[tonic::async_trait]
impl UserService for Users {
    async fn create_users(
        &self,
        request: Request<Streaming<User>>,
    ) -> Result<Response<CreateUsersResponse>, Status> {
        let users = request.into_inner();
        let directory = &self.directory;
        let created = match self.create {
            Create::GoesOn => broken::create_users(directory.as_ref(), users).await,
            Create::Stops => fixed::create_users(directory.as_ref(), users).await,
            Create::Mine => exercise::create_users(directory.as_ref(), users).await,
        };
        let held = directory.all().len();
        match &created {
            Ok(answer) => {
                let (created, rejected) = (answer.created, answer.rejected.len());
                info!(
                    created,
                    rejected, held, "created {created}, rejected {rejected}; holds {held} users"
                );
            }
            Err(status) => {
                let code = status.code();
                info!(?code, held, "{code:?}; holds {held} users");
            }
        }
        sleep(DISK_TAKES).await;
        created.map(Response::new)
    }

    type GetUserListStream = BoxStream<'static, Result<User, Status>>;

    async fn get_user_list(
        &self,
        _: Request<GetUserListRequest>,
    ) -> Result<Response<Self::GetUserListStream>, Status> {
        let users = stream::iter(self.directory.all()).map(Ok);
        Ok(Response::new(users.boxed()))
    }

    async fn get_all_users(
        &self,
        _: Request<GetAllUsersRequest>,
    ) -> Result<Response<GetAllUsersResponse>, Status> {
        Err(Status::unimplemented("lesson 02 serves GetAllUsers"))
    }
}
