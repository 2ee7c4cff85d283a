//! The peers of the exercise: a server around it, and its clients.

use std::time::Duration;

use futures::stream::BoxStream;
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Response, Status, Streaming};
use workbook::grade::{Finding, Script, count, ended, within};
use workbook::lab::Lab;
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::user_service_server::{UserService, UserServiceServer};
use workbook::proto::users::{
    CreateUsersResponse, GetAllUsersRequest, GetAllUsersResponse, GetUserListRequest, User,
};

use super::registry::Registry;
use super::{Answer, Subject};

/// No call takes longer than this, unless its client is slow.
pub const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

pub fn user(id: i32) -> User {
    User {
        id,
        name: format!("user {id}"),
        email: format!("{id}@example.com"),
    }
}

/// Good users with these ids, without a pause.
pub fn users(ids: impl IntoIterator<Item = i32>) -> Script<User> {
    Script::new().send_all(ids.into_iter().map(user))
}

/// A server with its directory, and a connection to it.
pub struct Users {
    pub registry: Registry,
    pub channel: Channel,
}

/// How a call ended.
pub struct Called {
    pub answer: Answer,
}

impl Users {
    pub async fn open(lab: &Lab, subject: Subject, registry: Registry) -> Result<Self, Finding> {
        let service = UserServiceServer::new(Service(subject, registry.clone()));
        lab.serve(Server::builder().add_service(service));
        let channel = lab.channel().await?;
        Ok(Self { registry, channel })
    }

    /// Sends users, until the call is answered.
    pub async fn create(&self, users: Script<User>) -> Result<Called, Finding> {
        self.create_within(ANSWERED_WITHIN, users).await
    }

    /// The same with another limit.
    pub async fn create_within(
        &self,
        limit: Duration,
        users: Script<User>,
    ) -> Result<Called, Finding> {
        let mut client = UserServiceClient::new(self.channel.clone());
        let answer = client.create_users(users.requests());
        let answer = within(limit, "the call was not answered", answer).await?;
        let answer = answer.map(Response::into_inner);
        Ok(Called { answer })
    }
}

impl Called {
    /// The answer of a call that ends with OK.
    pub fn answer(self) -> Result<CreateUsersResponse, Finding> {
        Ok(self.answer?)
    }

    /// The status of a call that fails with this code.
    pub fn failed(self, code: Code) -> Result<Status, Finding> {
        ended(&self.answer).with(code)?;
        let no_status = |_| Finding::seen("the call is OK");
        self.answer.err().ok_or(()).map_err(no_status)
    }

    /// Ids and reasons of the rejected users of a call that ends with OK and creates so many.
    pub fn rejected(self, created: usize) -> Result<(Vec<i32>, Vec<String>), Finding> {
        let answer = self.answer()?;
        count(usize::try_from(answer.created).unwrap_or(0), "created").is(created)?;
        let rejected = answer.rejected.into_iter();
        Ok(rejected
            .map(|rejected| (rejected.id, rejected.reason))
            .unzip())
    }
}

/// The service around the exercise.
struct Service(Subject, Registry);

#[tonic::async_trait]
impl UserService for Service {
    async fn create_users(
        &self,
        request: Request<Streaming<User>>,
    ) -> Result<Response<CreateUsersResponse>, Status> {
        let Self(create_users, registry) = self;
        create_users(registry, request.into_inner())
            .await
            .map(Response::new)
    }

    type GetUserListStream = BoxStream<'static, Result<User, Status>>;

    async fn get_user_list(
        &self,
        _: Request<GetUserListRequest>,
    ) -> Result<Response<Self::GetUserListStream>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }

    async fn get_all_users(
        &self,
        _: Request<GetAllUsersRequest>,
    ) -> Result<Response<GetAllUsersResponse>, Status> {
        Err(Status::unimplemented("not part of this exercise"))
    }
}
