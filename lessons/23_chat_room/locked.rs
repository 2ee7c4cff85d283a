//! What goes wrong: a lock that is held across an `.await`.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::sync::{Mutex, mpsc};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::{Instrument as _, Span, info};
use workbook::proto::rooms::room_service_server::RoomService;
use workbook::proto::rooms::{
    FromRoom, Here, LoginRequest, LoginResponse, Said, ToRoom, from_room, to_room,
};

use super::token::Tokens;

/// Messages that wait for each member.
const WAITING: usize = 4;

/// One room, and a queue for each member.
#[derive(Clone)]
pub struct Locked {
    tokens: Tokens,
    room: Arc<Mutex<Room>>,
}

#[derive(Default)]
struct Room {
    members: BTreeMap<String, mpsc::Sender<FromRoom>>,
    last: u64,
}

impl Locked {
    pub fn new(tokens: Tokens) -> Self {
        let room = Arc::default();
        Self { tokens, room }
    }

    // ANCHOR: locked
    /// Wrong: holds the lock while it waits for the slowest member, so that meanwhile no member says
    /// anything, none joins, and none leaves.
    async fn says(&self, name: &str, text: String) {
        let mut room = self.room.lock().await;
        room.last += 1;
        let said = from_room::Kind::Said(Said {
            sequence: room.last,
            name: name.to_owned(),
            text,
        });
        for member in room.members.values() {
            let kind = Some(said.clone());
            // Fails when the member has gone.
            let _ = member.send(FromRoom { kind }).await;
        }
    }
    // ANCHOR_END: locked

    async fn reads(&self, name: &str, mut requests: Streaming<ToRoom>) {
        while let Ok(Some(request)) = requests.message().await {
            if let Some(to_room::Kind::Say(text)) = request.kind {
                self.says(name, text).await;
            }
        }
        self.room.lock().await.members.remove(name);
        info!(left = name, "{name} is no longer there");
    }
}

#[tonic::async_trait]
impl RoomService for Locked {
    type JoinStream = BoxStream<'static, Result<FromRoom, Status>>;

    async fn join(
        &self,
        request: Request<Streaming<ToRoom>>,
    ) -> Result<Response<Self::JoinStream>, Status> {
        let name = self.tokens.of(request.metadata())?.name;
        let mut requests = request.into_inner();
        // The first message names the room, and here there is only one.
        requests.message().await?;
        let (member, taken) = mpsc::channel(WAITING);
        {
            let mut room = self.room.lock().await;
            let here = from_room::Kind::Here(Here {
                last: room.last,
                ..Here::default()
            });
            // There is room for it.
            let _ = member.try_send(FromRoom { kind: Some(here) });
            room.members.insert(name.clone(), member);
        }
        info!(joined = name, "{name} joins");
        let room = self.clone();
        let reads = async move { room.reads(&name, requests).await };
        // Ends with the requests, which end with the call.
        tokio::spawn(reads.instrument(Span::current()));
        Ok(Response::new(ReceiverStream::new(taken).map(Ok).boxed()))
    }

    async fn login(
        &self,
        request: Request<LoginRequest>,
    ) -> Result<Response<LoginResponse>, Status> {
        let token = self.tokens.issue(&request.into_inner().name)?;
        let lasts_ms = u64::try_from(self.tokens.lasts().as_millis()).unwrap_or(u64::MAX);
        Ok(Response::new(LoginResponse { token, lasts_ms }))
    }
}
