//! What goes wrong: a seam between history and live, members that never leave, tokens that never expire.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::sync::broadcast;
use tokio::time::sleep;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Request, Response, Status, Streaming};
use tracing::{Instrument as _, Span, info};
use workbook::proto::rooms::room_service_server::RoomService;
use workbook::proto::rooms::{
    FromRoom, Here, LoginRequest, LoginResponse, Said, ToRoom, from_room, to_room,
};

use super::token::Tokens;

/// How long the database takes for the history; in the middle it looks.
const READS: Duration = Duration::from_millis(4);
/// Messages that wait for each member. More than a scene says.
const WAITING: usize = 1024;

/// What a member gets.
type Items = BoxStream<'static, Result<FromRoom, Status>>;

/// One room, as it is written first.
#[derive(Clone)]
pub struct Naive(Arc<Inner>);

struct Inner {
    tokens: Tokens,
    joins: Joins,
    history: Mutex<Vec<Said>>,
    live: broadcast::Sender<Said>,
    here: Mutex<BTreeSet<String>>,
}

/// The two ways to get it wrong.
#[derive(Clone, Copy)]
pub enum Joins {
    HistoryFirst,
    SubscribesFirst,
}

impl Naive {
    pub fn new(tokens: Tokens, joins: Joins) -> Self {
        Self(Arc::new(Inner {
            tokens,
            joins,
            history: Mutex::default(),
            live: broadcast::channel(WAITING).0,
            here: Mutex::default(),
        }))
    }
}

impl Inner {
    async fn reads_history(&self) -> Vec<Said> {
        sleep(READS / 2).await;
        let read = lock(&self.history).clone();
        sleep(READS / 2).await;
        read
    }

    // ANCHOR: seam
    /// Wrong, both: a message that comes while the history is read is in neither of the two, or in both.
    async fn joins(&self) -> BoxStream<'static, Said> {
        let (history, live) = match self.joins {
            Joins::HistoryFirst => {
                let history = self.reads_history().await;
                (history, self.live.subscribe())
            }
            Joins::SubscribesFirst => {
                let live = self.live.subscribe();
                (self.reads_history().await, live)
            }
        };
        let live = BroadcastStream::new(live).filter_map(async |said| said.ok());
        stream::iter(history).chain(live).boxed()
    }
    // ANCHOR_END: seam

    fn says(&self, name: &str, text: String) {
        let mut history = lock(&self.history);
        let sequence = history.len() as u64 + 1;
        let name = name.to_owned();
        let said = Said {
            sequence,
            name,
            text,
        };
        history.push(said.clone());
        // Fails when there is no member, which is no error here.
        let _ = self.live.send(said);
    }

    // ANCHOR: presence
    /// Wrong: when the connection breaks, `?` or an abort of the task skips the last line. The token was checked when the call
    /// began, and is never looked at again.
    async fn reads(&self, name: &str, mut requests: Streaming<ToRoom>) -> Result<(), Status> {
        while let Some(request) = requests.message().await? {
            if let Some(to_room::Kind::Say(text)) = request.kind {
                self.says(name, text);
            }
        }
        lock(&self.here).remove(name);
        Ok(())
    }
    // ANCHOR_END: presence
}

#[tonic::async_trait]
impl RoomService for Naive {
    type JoinStream = Items;

    async fn join(&self, request: Request<Streaming<ToRoom>>) -> Result<Response<Items>, Status> {
        let proved = self.0.tokens.of(request.metadata())?;
        let mut requests = request.into_inner();
        // The first message names the room, and here there is only one.
        requests.message().await?;
        let here = {
            let mut here = lock(&self.0.here);
            here.insert(proved.name.clone());
            Here {
                names: here.iter().cloned().collect(),
                members: u32::try_from(here.len()).unwrap_or(u32::MAX),
                last: lock(&self.0.history).len() as u64,
            }
        };
        let said = self.0.joins().await.map(from_room::Kind::Said);
        let room = Arc::clone(&self.0);
        let reads = async move {
            let ended = room.reads(&proved.name, requests).await;
            let how = if ended.is_ok() { "OK" } else { "an error" };
            info!(how, "the requests of {} end with {how}", proved.name);
        };
        let reading = AbortOnDropHandle::new(tokio::spawn(reads.instrument(Span::current())));
        let all = stream::iter([from_room::Kind::Here(here)]).chain(said);
        let all = all.map(|kind| Ok(FromRoom { kind: Some(kind) }));
        Ok(Response::new(all.take_until(reading).boxed()))
    }

    async fn login(
        &self,
        request: Request<LoginRequest>,
    ) -> Result<Response<LoginResponse>, Status> {
        let token = self.0.tokens.issue(&request.into_inner().name)?;
        let lasts_ms = u64::try_from(self.0.tokens.lasts().as_millis()).unwrap_or(u64::MAX);
        Ok(Response::new(LoginResponse { token, lasts_ms }))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
