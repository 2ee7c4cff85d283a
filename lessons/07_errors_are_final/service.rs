//! `UserService`: the same directory behind three ideas of what to do with an error.

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

/// Writing to disk what was created takes this long, and the answer waits for it.
const DISK: Duration = Duration::from_millis(20);

/// What becomes of an error in the middle of the stream.
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
                info!("created {created}, rejected {rejected}; holds {held} users");
            }
            Err(status) => info!("{:?}; holds {held} users", status.code()),
        }
        sleep(DISK).await;
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
