//! Rooms on many servers: one consumer for each room and process, which fills a local log.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures::StreamExt as _;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tonic::{Code, Status, async_trait};
use tracing::{Instrument as _, info};

use super::broker::Broker;
use super::log::{self, Log};
use super::rooms::{Ears, Rooms, is_a_room};

/// How long a new listener waits until the local log has what the broker had when it came.
const CATCHES_UP: Duration = Duration::from_secs(5);
/// How long the consumer waits before it asks a broker that is gone again. There is one consumer for a room
/// and process, so that there is no herd to spread.
const PAUSE: Duration = Duration::from_millis(200);

// ANCHOR: hub
/// Rooms that a broker keeps. Each room that has a listener at this server has one consumer, however many
/// listeners there are, and ends with the last of them.
pub struct Hub<B> {
    broker: Arc<B>,
    rooms: Mutex<BTreeMap<String, Weak<Room>>>,
}

/// A room with a listener. The numbers in its log are the broker's, so that they are right at every server.
struct Room {
    log: Arc<Log>,
    consumer: JoinHandle<()>,
}
// ANCHOR_END: hub

impl Drop for Room {
    fn drop(&mut self) {
        self.consumer.abort();
    }
}

impl AsRef<Log> for Room {
    fn as_ref(&self) -> &Log {
        &self.log
    }
}

impl<B: Broker> Hub<B> {
    pub fn new(broker: B) -> Self {
        Self {
            broker: Arc::new(broker),
            rooms: Mutex::default(),
        }
    }

    /// The room, with a consumer that begins at the oldest message that the broker keeps.
    fn room(&self, name: &str, oldest: u64) -> Arc<Room> {
        let mut rooms = self.rooms.lock().unwrap_or_else(PoisonError::into_inner);
        // The names of rooms without a listener: otherwise the map grows for ever.
        rooms.retain(|_, room| room.strong_count() > 0);
        let open = rooms.get(name).and_then(Weak::upgrade);
        if let Some(room) = open.filter(|room| !room.log.has_ended()) {
            return room;
        }
        let log = Arc::new(Log::from(oldest));
        let consume = consume(Arc::clone(&self.broker), name.to_owned(), Arc::clone(&log));
        let consumer = tokio::spawn(consume.in_current_span());
        let room = Arc::new(Room { log, consumer });
        rooms.insert(name.to_owned(), Arc::downgrade(&room));
        room
    }
}

// ANCHOR: consume
/// Fills the log for as long as the room has a listener, and goes on behind the last message when the broker
/// was gone.
async fn consume<B: Broker>(broker: Arc<B>, room: String, log: Arc<Log>) {
    loop {
        let (_, newest) = log.state();
        let ended = match broker.consume(&room, newest.saturating_add(1)).await {
            Ok(messages) => fill(&log, messages).await,
            Err(status) => status,
        };
        // The broker does not keep what this server lacks. Its listeners listen again, with positions of their
        // own, for which a new log is made.
        if matches!(ended.code(), Code::OutOfRange | Code::DataLoss) {
            return log.end(Status::unavailable("this server was behind: listen again"));
        }
        info!(code = ?ended.code(), "the broker is gone: {:?}", ended.code());
        sleep(PAUSE).await;
    }
}

async fn fill(log: &Log, mut messages: Ears) -> Status {
    while let Some(message) = messages.next().await {
        match message {
            Ok(message) => {
                if let Err(gap) = log.append(message) {
                    return gap;
                }
            }
            Err(status) => return status,
        }
    }
    Status::unavailable("the broker has ended the stream")
}
// ANCHOR_END: consume

// ANCHOR: rooms
#[async_trait]
impl<B: Broker> Rooms for Hub<B> {
    async fn say(&self, room: &str, id: &str, text: &str) -> Result<u64, Status> {
        is_a_room(room)?;
        // OK only once the broker has it: the client says it again, with the same id, after an error.
        self.broker.publish(room, id, text).await
    }

    async fn listen(&self, room: &str, after: Option<u64>) -> Result<Ears, Status> {
        is_a_room(room)?;
        let (oldest, newest) = self.broker.state(room).await?;
        let room = self.room(room, oldest);
        // The client's position comes from another server, which may be ahead of this one.
        timeout(CATCHES_UP, room.log.reaches(newest))
            .await
            .map_err(|_| Status::unavailable("this server is behind the broker"))?;
        log::listen(room, after.or(Some(newest)))
    }
}
// ANCHOR_END: rooms
