//! `RoomService`: tokens, and stays in rooms.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use tokio::time::timeout;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status, Streaming};
use workbook::graceful::Shutdown;
use workbook::proto::rooms::room_service_server::{RoomService, RoomServiceServer};
use workbook::proto::rooms::{FromRoom, LoginRequest, LoginResponse, ToRoom, to_room};

use super::limits::{FIRST_WITHIN, LARGEST_REQUEST};
use super::reading::Requests;
use super::rooms::Rooms;
use super::seat::Seat;
use super::token::Tokens;

/// Finds a client that has vanished, also one whose window is full.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// The service.
#[derive(Clone)]
pub struct Service {
    rooms: Rooms,
    tokens: Tokens,
    shutdown: Shutdown,
}

/// A server with its keepalive.
pub fn builder() -> Server {
    Server::builder()
        .http2_keepalive_interval(Some(KEEPALIVE.0))
        .http2_keepalive_timeout(Some(KEEPALIVE.1))
}

impl Service {
    pub fn new(rooms: Rooms, tokens: Tokens, shutdown: Shutdown) -> RoomServiceServer<Self> {
        let service = Self {
            rooms,
            tokens,
            shutdown,
        };
        RoomServiceServer::new(service).max_decoding_message_size(LARGEST_REQUEST)
    }

    pub fn router(rooms: Rooms, tokens: Tokens, shutdown: Shutdown) -> Router {
        builder().add_service(Self::new(rooms, tokens, shutdown))
    }
}

// ANCHOR: join
#[tonic::async_trait]
impl RoomService for Service {
    type JoinStream = BoxStream<'static, Result<FromRoom, Status>>;

    async fn join(
        &self,
        request: Request<Streaming<ToRoom>>,
    ) -> Result<Response<Self::JoinStream>, Status> {
        let proved = self.tokens.of(request.metadata())?;
        let requests = Requests {
            stream: request.into_inner(),
            tokens: self.tokens,
            proved,
            shutdown: self.shutdown.clone(),
        };
        // Answers before the first message has come: a client may wait for the answer before it sends.
        let seat = stream::once(enter(self.rooms.clone(), requests));
        Ok(Response::new(
            seat.map_ok(Seat::events).try_flatten().boxed(),
        ))
    }
    // ANCHOR_END: join

    async fn login(
        &self,
        request: Request<LoginRequest>,
    ) -> Result<Response<LoginResponse>, Status> {
        let token = self.tokens.issue(&request.into_inner().name)?;
        let lasts_ms = u64::try_from(self.tokens.lasts().as_millis()).unwrap_or(u64::MAX);
        Ok(Response::new(LoginResponse { token, lasts_ms }))
    }
}

/// Reads the first message, and joins.
async fn enter(rooms: Rooms, mut requests: Requests) -> Result<Seat, Status> {
    let first = timeout(FIRST_WITHIN, requests.stream.message());
    let late = |_| Status::deadline_exceeded("the first message did not come");
    let first = first.await.map_err(late)??;
    let Some(to_room::Kind::Enter(enter)) = first.and_then(|first| first.kind) else {
        return Err(Status::invalid_argument("the first message enters a room"));
    };
    let room = rooms.room(&enter.room)?;
    let (member, here, at) = room.join(&requests.proved.name, enter.after)?;
    Ok(Seat::take(member, here, at, requests))
}
