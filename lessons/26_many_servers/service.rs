//! `ForumService` over whatever engine the rooms have.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::future::FutureExt as _;
use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::{Request, Response, Status};
use workbook::proto::forum::forum_service_server::ForumService;
use workbook::proto::forum::{GetHistoryRequest, GetHistoryResponse, Heard};
use workbook::proto::forum::{ListenRequest, SayRequest, SayResponse};

use super::jitter::Jitter;
use super::rooms::{Message, Rooms, is_a_message};

/// The rooms, as a server of this name offers them.
pub struct Service {
    name: String,
    rooms: Arc<dyn Rooms>,
    age: Option<Age>,
}

/// How long a stream may live: at least so long, and up to twice that, so that streams which were opened in
/// one instant do not all move in one instant.
struct Age {
    least: Duration,
    jitter: Mutex<Jitter>,
}

type Messages = BoxStream<'static, Result<Heard, Status>>;

impl Service {
    pub fn new(name: impl Into<String>, rooms: impl Rooms) -> Self {
        Self {
            name: name.into(),
            rooms: Arc::new(rooms),
            age: None,
        }
    }

    // ANCHOR: age
    /// Ends each stream when it is so old, or up to twice as old, so that its client listens again and can
    /// reach a server that came later.
    #[must_use]
    pub fn with_age(self, least: Duration, jitter: Jitter) -> Self {
        let jitter = Mutex::new(jitter);
        let age = Some(Age { least, jitter });
        Self { age, ..self }
    }

    fn aged(&self, messages: Messages) -> Messages {
        let Some(Age { least, jitter }) = &self.age else {
            return messages;
        };
        let mut jitter = jitter.lock().unwrap_or_else(PoisonError::into_inner);
        let age = sleep(*least + jitter.up_to(*least));
        let old = Status::unavailable("this stream is old: listen again");
        messages
            .take_until(age)
            .chain(stream::once(async { Err(old) }))
            .boxed()
    }
    // ANCHOR_END: age
}

fn heard(message: Message, server: &str) -> Heard {
    Heard {
        sequence: message.sequence,
        text: message.text,
        server: server.to_owned(),
    }
}

#[tonic::async_trait]
impl ForumService for Service {
    type ListenStream = Messages;

    async fn say(&self, request: Request<SayRequest>) -> Result<Response<SayResponse>, Status> {
        let SayRequest { room, id, text } = request.into_inner();
        is_a_message(&id, &text)?;
        let sequence = self.rooms.say(&room, &id, &text).await?;
        Ok(Response::new(SayResponse { sequence }))
    }

    async fn listen(&self, request: Request<ListenRequest>) -> Result<Response<Messages>, Status> {
        let ListenRequest { room, after } = request.into_inner();
        let ears = self.rooms.listen(&room, after).await?;
        let name = self.name.clone();
        let messages = ears.map(move |message| message.map(|message| heard(message, &name)));
        Ok(Response::new(self.aged(messages.boxed())))
    }

    /// What is there now: what a listener would get without waiting.
    async fn get_history(
        &self,
        request: Request<GetHistoryRequest>,
    ) -> Result<Response<GetHistoryResponse>, Status> {
        let GetHistoryRequest { room, after } = request.into_inner();
        let mut ears = self.rooms.listen(&room, Some(after)).await?;
        let mut messages = Vec::new();
        while let Some(Some(message)) = ears.next().now_or_never() {
            messages.push(heard(message?, &self.name));
        }
        Ok(Response::new(GetHistoryResponse { messages }))
    }
}
