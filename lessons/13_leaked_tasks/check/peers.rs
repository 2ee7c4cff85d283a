//! A room behind the exercise, which members join, and leave in every way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Response;
use tonic::transport::{Channel, Endpoint, Server};
use workbook::grade::{AN_INSTANT, Baseline, Finding, Verdict, baseline, count, within};
use workbook::lab::Lab;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::super::room::Room;
use super::Subject;
use super::member::{Member, WAIT_LIMIT, message};

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
