//! Core NATS as an engine, which it is not: it keeps nothing, and numbers nothing.

use async_nats::Client;
use futures::StreamExt as _;
use tonic::{Status, async_trait};

use super::rooms::{Ears, Message, Rooms};

/// Rooms without a log: a listener hears what is said while it listens.
pub struct Core(Client);

impl Core {
    pub async fn connect(url: &str) -> Result<Self, async_nats::ConnectError> {
        Ok(Self(async_nats::connect(url).await?))
    }
}

#[async_trait]
impl Rooms for Core {
    async fn say(&self, room: &str, _: &str, text: &str) -> Result<u64, Status> {
        let sent = self
            .0
            .publish(format!("core.{room}"), text.to_owned().into());
        sent.await
            .map_err(|error| Status::unavailable(error.to_string()))?;
        // OK means: it is in this process's buffer.
        Ok(0)
    }

    async fn listen(&self, room: &str, _: Option<u64>) -> Result<Ears, Status> {
        let messages = self.0.subscribe(format!("core.{room}")).await;
        let messages = messages.map_err(|error| Status::unavailable(error.to_string()))?;
        // The plays number their messages in the text.
        let numbered = |message: async_nats::Message| {
            let text = String::from_utf8_lossy(&message.payload).into_owned();
            let number = text
                .split(' ')
                .next()
                .and_then(|number| number.parse().ok());
            Ok(Message {
                sequence: number.unwrap_or_default(),
                text,
            })
        };
        Ok(messages.map(numbered).boxed())
    }
}
