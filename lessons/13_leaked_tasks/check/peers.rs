//! The peers of the exercise: members of a room that join, and leave in every way.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::{Endpoint, Server};
use tonic::{Response, Status, Streaming};
use workbook::grade::{Finding, Verdict, ensure};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;
use workbook::proto::chat::chat_service_server::ChatServiceServer;
use workbook::run::Census;

use super::super::exercise::Chat;
use super::super::room::Room;

/// No call or read below takes longer than this, in virtual time.
const WAIT_LIMIT: Duration = Duration::from_secs(600);

/// What counts as the same instant: some turns of the runtime, but far less than any timer.
const AN_INSTANT: Duration = Duration::from_millis(5);

/// Messages of a client that may wait to be sent.
const WAITING: usize = 4;

/// A room behind the exercise, and what was alive before the first member joined.
pub struct TestRoom {
    pub lab: Lab,
    pub room: Arc<Room>,
    client: ChatServiceClient<tonic::transport::Channel>,
    before: Census,
}

/// The client of one member.
pub struct Member {
    /// None once it has half-closed.
    pub requests: Option<mpsc::Sender<ChatMessage>>,
    pub messages: Streaming<ChatMessage>,
}

impl TestRoom {
    pub async fn open(lab: &Lab) -> Result<Self, Finding> {
        let room = Arc::new(Room::default());
        let chat = Chat {
            room: Arc::clone(&room),
        };
        let server = Server::builder()
            .http2_keepalive_interval(Some(Duration::from_secs(10)))
            .http2_keepalive_timeout(Some(Duration::from_secs(5)))
            .add_service(ChatServiceServer::new(chat));
        lab.serve(server);
        // So small that the window of a client that does not read is soon used up.
        let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(200);
        let channel = lab.channel_with(narrow).await;
        let channel = channel.map_err(|error| Finding::seen(format!("no connection: {error}")))?;
        sleep(AN_INSTANT).await;
        Ok(Self {
            lab: lab.clone(),
            room,
            client: ChatServiceClient::new(channel),
            before: lab.meter().census(),
        })
    }

    pub async fn join(&self) -> Result<Member, Finding> {
        let (requests, queue) = mpsc::channel(WAITING);
        let mut client = self.client.clone();
        let answered = timeout(WAIT_LIMIT, client.chat(ReceiverStream::new(queue))).await;
        let answered = answered.map_err(|_| {
            Finding::seen("the call was not answered in ten minutes in which no member published")
        })?;
        let messages = answered
            .map(Response::into_inner)
            .map_err(|status| failed(&status))?;
        sleep(AN_INSTANT).await;
        Ok(Member {
            requests: Some(requests),
            messages,
        })
    }

    /// Expects that no half and no task of any former member is left in this instant.
    pub async fn is_empty(&self, how: &str) -> Verdict {
        sleep(AN_INSTANT).await;
        let (halves, left) = (
            self.room.halves(),
            self.lab.meter().census().since(self.before).tasks,
        );
        ensure(halves == 0 && left == 0, || {
            format!("{how}: halves still in the room: {halves}, tasks left: {left}")
        })
    }
}

impl Member {
    pub async fn publish(&self, text: &str) {
        if let Some(requests) = &self.requests {
            // A send fails when the call is over, and then `receive` returns its status.
            let _ = requests.send(message(text)).await;
        }
    }

    /// The next message that the member receives.
    pub async fn receive(&mut self) -> Result<Option<String>, Status> {
        let received = timeout(WAIT_LIMIT, self.messages.message()).await;
        let silence = |_| Status::deadline_exceeded("no message came for ten minutes");
        Ok(received.map_err(silence)??.map(|message| message.content))
    }
}

pub fn message(text: &str) -> ChatMessage {
    ChatMessage {
        content: text.to_owned(),
        ..ChatMessage::default()
    }
}

pub fn failed(status: &Status) -> Finding {
    Finding::seen(format!(
        "the call failed with {:?} {:?}",
        status.code(),
        status.message()
    ))
}
