//! What goes wrong: members that resume from a wrong place, a gap between two calls, an OK that means nothing.

use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tonic::transport::Channel;
use tonic::{Code, Status, async_trait};
use tracing::{Instrument as _, info};
use workbook::proto::forum::forum_service_client::ForumServiceClient;
use workbook::proto::forum::{GetHistoryRequest, ListenRequest};

use super::broker::Broker;
use super::received::Received;
use super::rooms::{Ears, Rooms};

// ANCHOR: positions
/// Wrong: what is said while the member moves is lost.
pub fn from_now_on(_: &Received) -> Option<u64> {
    None
}

/// Wrong: asks for the messages behind the last but one, so that the last one comes again.
pub fn from_last(received: &Received) -> Option<u64> {
    Some(received.last().saturating_sub(1))
}

/// Right, and no use with the rule below.
pub fn behind_last(received: &Received) -> Option<u64> {
    Some(received.last())
}

/// Wrong: tonic reports a connection that broke in the middle of a stream as Unknown.
pub fn only_unavailable(code: Code) -> bool {
    code == Code::Unavailable
}
// ANCHOR_END: positions

pub fn any(_: Code) -> bool {
    true
}

pub type Position = fn(&Received) -> Option<u64>;
pub type Worth = fn(Code) -> bool;

// ANCHOR: follow
/// Listens at one server after the other until the message `last` has come.
pub async fn follow(
    servers: &mut [(String, ForumServiceClient<Channel>)],
    room: &str,
    last: &str,
    (position, is_worth_a_move): (Position, Worth),
) -> Result<Received, Status> {
    let mut received = Received::default();
    let mut after = Some(0);
    let mut calls = 0;
    loop {
        let (name, client) = &mut servers[calls % 2];
        calls += 1;
        let room = room.to_owned();
        let ended = match client.listen(ListenRequest { room, after }).await {
            Ok(messages) => received.hear(messages.into_inner(), last).await,
            Err(status) => Err(status),
        };
        let Err(status) = ended else {
            return Ok(received);
        };
        let (code, has) = (status.code(), received.last());
        info!(?code, has, "{code:?} at {name}, after message {has}");
        if !is_worth_a_move(code) {
            return Ok(received);
        }
        after = position(&received);
    }
}
// ANCHOR_END: follow

// ANCHOR: seam
/// Wrong: what is said between the two calls is in neither.
pub async fn history_then_listen(
    mut client: ForumServiceClient<Channel>,
    room: String,
    last: &str,
) -> Result<Received, Status> {
    let mut received = Received::default();
    let (of_history, after) = (room.clone(), 0);
    let history = GetHistoryRequest {
        room: of_history,
        after,
    };
    let history = client.get_history(history).await?.into_inner();
    received.add_all(history.messages);
    let from_now = ListenRequest { room, after: None };
    let messages = client.listen(from_now).await?.into_inner();
    received.hear(messages, last).await?;
    Ok(received)
}

/// Wrong: what is said between the two calls is in both.
pub async fn listen_then_history(
    mut client: ForumServiceClient<Channel>,
    room: String,
    last: &str,
) -> Result<Received, Status> {
    let mut received = Received::default();
    let (of_listen, after) = (room.clone(), None);
    let from_now = ListenRequest {
        room: of_listen,
        after,
    };
    let messages = client.listen(from_now).await?.into_inner();
    let history = GetHistoryRequest { room, after: 0 };
    let history = client.get_history(history).await?.into_inner();
    received.add_all(history.messages);
    received.hear(messages, last).await?;
    Ok(received)
}
// ANCHOR_END: seam

/// How many messages wait in the buffer of a publisher.
const BUFFER: usize = 1_000;

// ANCHOR: buffered
/// Wrong: says OK when a message is in its own buffer, as core NATS does.
pub struct Buffered {
    buffer: mpsc::Sender<(String, String, String)>,
    publishes: JoinHandle<()>,
}

impl Buffered {
    pub fn new(broker: impl Broker) -> Self {
        let (buffer, mut said) = mpsc::channel::<(String, String, String)>(BUFFER);
        let publish = async move {
            while let Some((room, id, text)) = said.recv().await {
                // There is no caller left who could be told of an error.
                let _ = broker.publish(&room, &id, &text).await;
            }
        };
        let publishes = tokio::spawn(publish.in_current_span());
        Self { buffer, publishes }
    }
}

#[async_trait]
impl Rooms for Buffered {
    async fn say(&self, room: &str, id: &str, text: &str) -> Result<u64, Status> {
        let said = (room.to_owned(), id.to_owned(), text.to_owned());
        let full = |_| Status::resource_exhausted("the buffer is full");
        self.buffer.try_send(said).map_err(full)?;
        // It has no number yet.
        Ok(0)
    }

    async fn listen(&self, _: &str, _: Option<u64>) -> Result<Ears, Status> {
        Err(Status::unimplemented("this server is for speakers"))
    }
}
// ANCHOR_END: buffered

impl Drop for Buffered {
    fn drop(&mut self) {
        self.publishes.abort();
    }
}
