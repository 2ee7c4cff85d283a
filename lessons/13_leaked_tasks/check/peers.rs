//! The peers of the exercise: members of a room that join, and leave in every way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Response, Status, Streaming};
use workbook::grade::{
    AN_INSTANT, Baseline, Finding, Verdict, after, baseline, count, ensure, within,
};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::super::room::Room;
use super::Subject;

/// No call or read below takes longer than this, in virtual time.
const WAIT_LIMIT: Duration = Duration::from_secs(600);

/// The server's keepalive: a client that has vanished is noticed within the sum of the two.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(5));

/// So small that the window of a client that does not read is soon used up, in bytes.
const WINDOW: u32 = 200;

/// Messages of a client that may wait to be sent.
const WAITING: usize = 4;

/// How a member leaves.
#[derive(Debug, Clone, Copy)]
pub enum Exit {
    /// Its client drops the call.
    Drop,
    /// Its connection breaks.
    Break,
    /// Its packets stop arriving, and only the server's keepalive detects it.
    Vanish,
}

/// What is published in these plays, except where the message itself matters.
pub fn message(number: usize) -> ChatMessage {
    ChatMessage {
        user_id: "the room".to_owned(),
        content: format!("message {number}"),
        timestamp: i64::try_from(number).unwrap_or(i64::MAX),
        room_id: "lobby".to_owned(),
    }
}

/// A room behind the exercise, and what was alive before the first member joined.
pub struct TestRoom {
    pub room: Arc<Room>,
    lab: Lab,
    client: ChatServiceClient<Channel>,
    before: Baseline,
}

impl TestRoom {
    pub async fn open(lab: &Lab, chat: Subject) -> Result<Self, Finding> {
        let room = Arc::new(Room::default());
        let (interval, patience) = KEEPALIVE;
        let server = Server::builder()
            .http2_keepalive_interval(Some(interval))
            .http2_keepalive_timeout(Some(patience))
            .add_routes(chat(Arc::clone(&room)));
        lab.serve(server);
        let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
        let client = ChatServiceClient::new(lab.channel_with(narrow).await?);
        sleep(AN_INSTANT).await;
        Ok(Self {
            room,
            lab: lab.clone(),
            client,
            before: baseline(lab),
        })
    }

    pub async fn join(&self) -> Result<Member, Finding> {
        let (requests, queue) = mpsc::channel(WAITING);
        let mut client = self.client.clone();
        let what = "the call was not answered, and no member had published";
        let answer = within(WAIT_LIMIT, what, client.chat(ReceiverStream::new(queue))).await?;
        let messages = answer.map(Response::into_inner)?;
        sleep(AN_INSTANT).await;
        Ok(Member {
            requests: Some(requests),
            messages,
        })
    }

    /// Publishes these messages, ten a second.
    pub async fn publish(&self, count: usize) {
        for number in 0..count {
            self.room.publish(&message(number));
            self.lab.sleep(Duration::from_millis(100)).await;
        }
    }

    /// Expects that no half of a membership is in the room an instant from now.
    pub async fn has_no_member(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        count(self.room.halves(), "halves still in the room").is(0)
    }

    /// The same, and that no task of a former member is left.
    pub async fn is_empty(&self) -> Verdict {
        self.has_no_member().await?;
        self.before.nothing_is_left(&self.lab).await
    }

    /// The member leaves, and nothing of it is left as soon as the server can know.
    pub async fn is_left_by(&self, member: Member, how: Exit) -> Verdict {
        match how {
            Exit::Drop => {
                drop(member);
                return self.is_empty().await;
            }
            Exit::Break => self.lab.cut(),
            Exit::Vanish => {
                self.lab.partition();
                sleep(KEEPALIVE.0 + KEEPALIVE.1 + Duration::from_secs(1)).await;
            }
        }
        // Its connection is gone, with tasks that were there before, so only the room can be asked.
        let left = self.has_no_member().await;
        self.lab.repair();
        left
    }
}

/// The client of one member.
pub struct Member {
    /// None once it has half-closed.
    requests: Option<mpsc::Sender<ChatMessage>>,
    messages: Streaming<ChatMessage>,
}

impl Member {
    pub async fn publishes(&self, message: ChatMessage) {
        if let Some(requests) = &self.requests {
            // A send fails when the call is over, and then `next` returns its status.
            let _ = requests.send(message).await;
        }
    }

    pub fn half_closes(&mut self) {
        self.requests = None;
    }

    /// The next message that it receives.
    pub async fn next(&mut self) -> Result<Result<Option<ChatMessage>, Status>, Finding> {
        within(WAIT_LIMIT, "no message had come", self.messages.message()).await
    }

    /// Expects this message.
    pub async fn receives(&mut self, due: &ChatMessage) -> Verdict {
        let received = self.next().await??;
        ensure(received.as_ref() == Some(due), || match &received {
            Some(received) => format!("{} came instead of {}", shown(received), shown(due)),
            None => format!("the call ended instead of bringing {}", shown(due)),
        })
    }

    /// Expects this message in this instant.
    pub async fn receives_at_once(&mut self, due: &ChatMessage) -> Verdict {
        let start = Instant::now();
        self.receives(due).await?;
        after(start.elapsed(), &format!("{} came", shown(due))).is(Duration::ZERO)
    }

    /// Expects the call to end with OK.
    pub async fn ends(&mut self) -> Verdict {
        let more = self.next().await??;
        ensure(more.is_none(), || "another message came after the last")
    }

    /// Reads messages until the end, and expects none to be missing between two others: how many, and
    /// how the call ended.
    pub async fn reads_to_the_end(&mut self) -> Result<(usize, Result<(), Status>), Finding> {
        for number in 0.. {
            match self.next().await? {
                Ok(Some(received)) => {
                    let due = message(number);
                    ensure(received == due, || {
                        format!("{} came instead of {}", shown(&received), shown(&due))
                    })?;
                }
                Ok(None) => return Ok((number, Ok(()))),
                Err(status) => return Ok((number, Err(status))),
            }
        }
        Err(Finding::seen("the messages came to no end"))
    }
}

/// A message in a finding, cut short.
fn shown(message: &ChatMessage) -> String {
    let ChatMessage {
        user_id,
        content,
        timestamp,
        room_id,
    } = message;
    let start: String = content.chars().take(20).collect();
    format!("{start:?} (user {user_id:?}, time {timestamp}, room {room_id:?})")
}
