//! The exercise's peers: a scripted directory, and clients, one of which sends raw bytes.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream};
use http_body::Frame;
use tokio::time::timeout;
use tonic::codegen::{Bytes, Service as _, http};
use tonic::transport::Server;
use tonic::{Code, Request, Response, Status, Streaming};
use workbook::grade::Finding;
use workbook::lab::Lab;
use workbook::proto::users::user_service_client::UserServiceClient;
use workbook::proto::users::user_service_server::{UserService, UserServiceServer};
use workbook::proto::users::{
    CreateUsersResponse, GetAllUsersRequest, GetAllUsersResponse, GetUserListRequest, User,
};

use super::super::directory::{Directory, Problem};
use super::super::exercise::create_users;

/// No correct call below takes longer than this, in virtual time.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

/// A directory that follows a script, and records what it was asked for.
#[derive(Clone, Default)]
pub struct Script {
    problems: BTreeMap<i32, Problem>,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    asked: usize,
    created: Vec<i32>,
}

impl Script {
    pub fn sound() -> Self {
        Self::default()
    }

    /// The user with this id meets this problem.
    pub fn at(mut self, id: i32, problem: Problem) -> Self {
        self.problems.insert(id, problem);
        self
    }
}

impl Directory for Script {
    fn create(&self, user: User) -> Result<(), Problem> {
        /// More users than any stream below holds. The panic ends a loop that would read for ever.
        const TOO_MANY: usize = 1000;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.asked += 1;
        assert!(
            seen.asked < TOO_MANY,
            "the directory was asked for {TOO_MANY} users; far fewer were sent"
        );
        match self.problems.get(&user.id) {
            Some(problem) => Err(problem.clone()),
            None => {
                seen.created.push(user.id);
                Ok(())
            }
        }
    }
}

/// The result of a call, and what the directory was asked for.
pub struct Called {
    pub answer: Result<CreateUsersResponse, Status>,
    pub asked: usize,
    pub created: Vec<i32>,
}

impl Called {
    pub fn answered(&self, what: &str) -> Result<&CreateUsersResponse, Finding> {
        self.answer.as_ref().map_err(|status| {
            let code = status.code();
            Finding::seen(format!(
                "{what}: the call failed with {code:?} {:?}",
                status.message()
            ))
        })
    }

    pub fn failed(&self, what: &str, code: Code) -> Result<&Status, Finding> {
        match &self.answer {
            Err(status) if status.code() == code => Ok(status),
            Err(status) => Err(Finding::seen(format!(
                "{what}: the code is {:?}",
                status.code()
            ))),
            Ok(_) => Err(Finding::seen(format!("{what}: the call is OK"))),
        }
    }
}

pub fn user(id: i32) -> User {
    User {
        id,
        name: format!("user {id}"),
        email: format!("{id}@example.com"),
    }
}

/// Sends these users, and ends the stream.
pub async fn create(lab: &Lab, script: Script, users: Vec<User>) -> Result<Called, Finding> {
    let mut client = UserServiceClient::new(channel(lab, &script).await?);
    let answer = timeout(ANSWERED_WITHIN, client.create_users(stream::iter(users))).await;
    called(
        script,
        answer.map(|answer| answer.map(Response::into_inner)),
    )
}

/// Sends some good users, and then bytes that are not a message.
pub async fn raw(lab: &Lab, good: i32, poison: &[u8]) -> Result<Called, Finding> {
    use prost::Message as _;
    let script = Script::sound();
    let mut channel = channel(lab, &script).await?;
    let mut bytes = Vec::new();
    for id in 1..=good {
        let message = user(id).encode_to_vec();
        bytes.push(0);
        bytes.extend(u32::try_from(message.len()).unwrap_or(0).to_be_bytes());
        bytes.extend(message);
    }
    bytes.extend(poison);
    let body = stream::iter([Ok::<_, Infallible>(Frame::data(Bytes::from(bytes)))]);
    let request = http::Request::post("http://lab.invalid/users.v1.UserService/CreateUsers")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(tonic::body::Body::new(StreamBody(body)))
        .map_err(|error| Finding::seen(format!("no request: {error}")))?;
    let answer = timeout(ANSWERED_WITHIN, async {
        std::future::poll_fn(|cx| channel.poll_ready(cx))
            .await
            .map_err(unknown)?;
        let response = channel.call(request).await.map_err(unknown)?;
        // An error before any answer comes in the headers. A good answer is not needed here.
        match Status::from_header_map(response.headers()) {
            Some(status) => Err(status),
            None => Ok(CreateUsersResponse::default()),
        }
    });
    let answer = answer.await;
    called(script, answer)
}

fn unknown(error: tonic::transport::Error) -> Status {
    Status::unknown(error.to_string())
}

fn called(
    script: Script,
    answer: Result<Result<CreateUsersResponse, Status>, tokio::time::error::Elapsed>,
) -> Result<Called, Finding> {
    let answer = answer.map_err(|_| Finding::seen("the call was not answered for a minute"))?;
    let seen = script.seen.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(Called {
        answer,
        asked: seen.asked,
        created: seen.created.clone(),
    })
}

async fn channel(lab: &Lab, script: &Script) -> Result<tonic::transport::Channel, Finding> {
    let service = UserServiceServer::new(Service(script.clone()));
    lab.serve(Server::builder().add_service(service));
    lab.channel()
        .await
        .map_err(|error| Finding::seen(format!("no connection: {error}")))
}

/// A body out of a stream of frames.
struct StreamBody<S>(S);

impl<S> http_body::Body for StreamBody<S>
where
    S: futures::Stream<Item = Result<Frame<Bytes>, Infallible>> + Unpin,
{
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        std::pin::Pin::new(&mut self.0).poll_next(cx)
    }
}

/// The service around the exercise.
struct Service(Script);

#[tonic::async_trait]
impl UserService for Service {
    async fn create_users(
        &self,
        request: Request<Streaming<User>>,
    ) -> Result<Response<CreateUsersResponse>, Status> {
        create_users(&self.0, request.into_inner())
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
