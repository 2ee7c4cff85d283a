//! The peers of the exercise: a server around it, and clients, one of which sends raw bytes.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::Stream;
use futures::stream::BoxStream;
use http_body::Frame;
use prost::Message as _;
use tonic::codegen::{Bytes, Service as _, http};
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
use super::{Answer, Subject, ids};

/// No call takes longer than this, unless its client is slow.
const ANSWERED_WITHIN: Duration = Duration::from_secs(60);

pub fn user(id: i32) -> User {
    User {
        id,
        name: format!("user {id}"),
        email: format!("{id}@example.com"),
    }
}

/// A server with its directory, and a connection to it.
pub struct Users {
    pub registry: Registry,
    channel: Channel,
}

/// What becomes of the client's half of a call after its last bytes.
#[derive(Debug, Clone, Copy)]
pub enum Half {
    Ends,
    StaysOpen,
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

    /// Sends two good users and these bytes, which are not a message. Then it ends its half, or goes on.
    pub async fn create_raw(&self, poison: &[u8], half: Half) -> Result<Called, Finding> {
        let good = ids(2).flat_map(|id| framed(0, &user(id).encode_to_vec()));
        let bytes = Bytes::from_iter(good.chain(poison.iter().copied()));
        let sent = Script::new().send(bytes);
        let body = StreamBody(match half {
            Half::Ends => sent.requests(),
            Half::StaysOpen => sent.hold().requests(),
        });
        let request = http::Request::post("http://lab.invalid/users.v1.UserService/CreateUsers")
            .header("content-type", "application/grpc")
            .header("te", "trailers")
            .body(tonic::body::Body::new(body))
            .map_err(|error| Finding::seen(format!("no request: {error}")))?;
        let mut channel = self.channel.clone();
        std::future::poll_fn(|cx| channel.poll_ready(cx)).await?;
        let answer = channel.call(request);
        let answer = within(ANSWERED_WITHIN, "the call was not answered", answer).await??;
        // An error before any answer comes in the headers. A good answer is not needed here.
        let answer = match Status::from_header_map(answer.headers()) {
            Some(status) => Err(status),
            None => Ok(CreateUsersResponse::default()),
        };
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

/// A gRPC message by hand: a flag, the length in four bytes, and the payload; see lesson 01.
fn framed(flag: u8, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    [&[flag][..], &length.to_be_bytes(), payload].concat()
}

/// Bytes that are not a message.
pub fn poisons() -> [(&'static str, Vec<u8>); 3] {
    let mut too_long = framed(0, &[0; 60]);
    too_long[1..5].copy_from_slice(&5_000_000_u32.to_be_bytes());
    [
        ("a message that is not a user", framed(0, &[0xff; 3])),
        ("a message that is too long", too_long),
        ("a compression flag of 7", framed(7, &[0; 20])),
    ]
}

/// The status that a server returns which does nothing but read these bytes.
pub async fn own_status(lab: &Lab, poison: &[u8]) -> Result<Status, Finding> {
    let reads: Subject = |_, mut users| {
        Box::pin(async move {
            while users.message().await?.is_some() {}
            Ok(CreateUsersResponse::default())
        })
    };
    let open = Users::open(lab, reads, Registry::sound()).await?;
    let Err(status) = open.create_raw(poison, Half::Ends).await?.answer else {
        return Err(Finding::seen("the stream has no error"));
    };
    // Without the metadata, among which is the date.
    let details = Bytes::copy_from_slice(status.details());
    Ok(Status::with_details(
        status.code(),
        status.message(),
        details,
    ))
}

/// A body out of a stream of bytes.
struct StreamBody(BoxStream<'static, Bytes>);

impl http_body::Body for StreamBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = Pin::new(&mut self.0).poll_next(cx);
        next.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
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
