//! The peers of the subscription: a server, and sources that count themselves.

use std::time::Duration;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::time::{Instant, sleep};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::transport::Channel;
use tonic::{Code, Status};
use workbook::grade::{
    AN_INSTANT, Drops, Finding, Peer, Script, Verdict, count, ended, ensure, within,
};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;

use super::subscribed::Subscribed;
use super::{DAY, Subject};

/// A message with a value in each of its fields.
pub fn message(number: usize) -> ChatMessage {
    ChatMessage {
        user_id: format!("user {number}"),
        content: format!("message {number}"),
        timestamp: i64::try_from(number).unwrap_or(i64::MAX),
        room_id: "lobby".to_owned(),
    }
}

/// A message of so many bytes.
pub fn long(bytes: usize) -> ChatMessage {
    ChatMessage {
        content: "x".repeat(bytes),
        ..message(0)
    }
}

/// The first so many messages.
pub fn at_once(number: usize) -> Vec<ChatMessage> {
    (0..number).map(message).collect()
}

/// So many messages, with this pause before each, and then silence.
pub fn steadily(pause: Duration, number: usize) -> Script<ChatMessage> {
    Script::new().every(pause, at_once(number)).hold()
}

/// A status with all that a status can have.
pub fn broken(code: Code) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("retry-after", MetadataValue::from_static("7"));
    Status::with_details_and_metadata(code, "the room is closed", vec![1, 2, 3].into(), metadata)
}

/// A server that the exercise calls.
pub struct Room {
    lab: Lab,
    subject: Subject,
    peer: Peer,
    channel: Channel,
    sources: Drops,
}

impl Room {
    pub async fn open(lab: &Lab, subject: Subject, peer: Peer) -> Result<Self, Finding> {
        Ok(Self {
            lab: lab.clone(),
            subject,
            channel: peer.meet(lab).await?,
            peer,
            sources: Drops::new(),
        })
    }

    /// The future of the exercise's `open`.
    pub fn opens(
        &self,
        source: Script<ChatMessage>,
    ) -> impl Future<Output = Result<Subscribed, Status>> {
        self.opens_with(source.requests())
    }

    fn opens_with(
        &self,
        source: BoxStream<'static, ChatMessage>,
    ) -> impl Future<Output = Result<Subscribed, Status>> + use<> {
        let source = self.sources.guards(source).boxed();
        let open = (self.subject.open)(self.channel.clone(), source);
        let since = Instant::now();
        async move { open.await.map(|call| Subscribed { call, since }) }
    }

    pub async fn subscribe(&self, source: Script<ChatMessage>) -> Result<Subscribed, Finding> {
        self.subscribe_with(source.requests()).await
    }

    pub async fn subscribe_with(
        &self,
        source: BoxStream<'static, ChatMessage>,
    ) -> Result<Subscribed, Finding> {
        Ok(within(DAY, "`open` had not returned", self.opens_with(source)).await??)
    }

    /// Expects the call to fail with [`broken`], in `open` or in `next`.
    pub async fn fails(&self, source: Script<ChatMessage>, code: Code) -> Verdict {
        let failing = async {
            let mut call = self.opens(source).await?;
            while call.call.next().await?.is_some() {}
            Ok(())
        };
        let failed = within(DAY, "the call had not ended", failing).await?;
        ended(&failed).as_sent(&broken(code))
    }

    /// Expects that nothing of the last call is left in this instant, and that the server was told
    /// that it is cancelled.
    pub async fn is_cancelled(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        count(self.peer.calls().alive(), "calls still open at the server").is(0)?;
        self.has_dropped_every_source()?;
        let last = self.lab.calls().pop();
        let is_reset = last.as_ref().is_some_and(|call| call.reset.is_some());
        ensure(is_reset, || {
            let seen = last.map_or_else(|| "no call".to_owned(), |call| call.to_string());
            format!("the wire shows no cancel: {seen}")
        })
    }

    pub fn has_dropped_every_source(&self) -> Verdict {
        count(self.sources.alive(), "sources that were not dropped").is(0)
    }

    /// Expects no call to have been reset.
    pub async fn is_not_reset(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        let calls = self.lab.calls();
        let reset = calls.iter().filter(|call| call.reset.is_some()).count();
        count(reset, "calls that were reset after both sides had ended").is(0)
    }
}
