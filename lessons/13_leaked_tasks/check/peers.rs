//! Whom the exercise meets: members of a room who come, and go in every way.

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

/// Nothing below takes longer than this, in virtual time.
const LONG: Duration = Duration::from_secs(600);

/// What counts as the same instant: some turns of the runtime, and no timer of a second.
const AN_INSTANT: Duration = Duration::from_millis(5);

/// Messages of a client that may wait to be sent.
const WAITING: usize = 4;

/// A room behind the exercise, and what was alive before anybody came.
pub struct Hall {
    pub lab: Lab,
    pub room: Arc<Room>,
    client: ChatServiceClient<tonic::transport::Channel>,
    before: Census,
}

/// A member's client.
pub struct Member {
    /// None once it has half-closed.
    pub says: Option<mpsc::Sender<ChatMessage>>,
    pub hears: Streaming<ChatMessage>,
}

impl Hall {
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
        // So small that a client that does not read soon has no room left.
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

    pub async fn enter(&self) -> Result<Member, Finding> {
        let (says, requests) = mpsc::channel(WAITING);
        let call = self.client.clone();
        let mut call = call;
        let answered = timeout(LONG, call.chat(ReceiverStream::new(requests))).await;
        let answered = answered
            .map_err(|_| Finding::seen("the call is not answered until somebody speaks"))?;
        let hears = answered
            .map(Response::into_inner)
            .map_err(|status| failed(&status))?;
        sleep(AN_INSTANT).await;
        Ok(Member {
            says: Some(says),
            hears,
        })
    }

    /// In this instant nothing may be left of whoever was here.
    pub async fn is_empty(&self, how: &str) -> Verdict {
        sleep(AN_INSTANT).await;
        let (seats, left) = (
            self.room.seats(),
            self.lab.meter().census().since(self.before).tasks,
        );
        ensure(seats == 0 && left == 0, || {
            format!("{how}: halves still in the room: {seats}, tasks left: {left}")
        })
    }
}

impl Member {
    pub async fn say(&self, text: &str) {
        if let Some(says) = &self.says {
            // When nobody takes it the call is over, and that is for what it hears to say.
            let _ = says.send(message(text)).await;
        }
    }

    /// The next message that it hears.
    pub async fn hear(&mut self) -> Result<Option<String>, Status> {
        let heard = timeout(LONG, self.hears.message()).await;
        let silence = |_| Status::deadline_exceeded("nothing was heard for ten minutes");
        Ok(heard.map_err(silence)??.map(|message| message.content))
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
