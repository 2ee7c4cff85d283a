//! NATS JetStream, as the hub sees it.

use std::collections::BTreeSet;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::pull::OrderedConfig;
use async_nats::jetstream::message::PublishMessage;
use async_nats::jetstream::stream::{Config, Stream};
use async_nats::jetstream::{self, Context};
use async_nats::{ConnectOptions, Event};
use futures::stream::{self, StreamExt as _};
use tokio::sync::Notify;
use tonic::{Status, async_trait};

use super::broker::Broker;
use super::log::KEPT;
use super::rooms::{Ears, Message};

/// For how long the same id is the same message. Said again later, it would be a new one.
const SAME_ID: Duration = Duration::from_secs(120);
/// How long a publish waits for the broker's answer before the client is told to say it again.
const ANSWER: Duration = Duration::from_secs(2);

// ANCHOR: jetstream
/// A stream of JetStream for each room, so that its sequence has no holes.
pub struct JetStream {
    context: Context,
    /// Rings when the client has a connection again.
    connected: Arc<Notify>,
    /// The rooms that have a stream: it is not asked for each message.
    known: Mutex<BTreeSet<String>>,
}

impl JetStream {
    /// Connects to a nats-server; async-nats connects again by itself.
    pub async fn connect(url: &str) -> Result<Self, async_nats::ConnectError> {
        let connected = Arc::new(Notify::new());
        let rings = Arc::clone(&connected);
        let client = ConnectOptions::new()
            .event_callback(move |event| {
                if event == Event::Connected {
                    rings.notify_waiters();
                }
                async {}
            })
            .connect(url)
            .await?;
        let mut context = jetstream::new(client);
        context.set_timeout(ANSWER);
        Ok(Self {
            context,
            connected,
            known: Mutex::default(),
        })
    }

    /// The room's stream, which is made if there is none.
    async fn stream(&self, room: &str) -> Result<Stream, Status> {
        let config = Config {
            name: format!("room_{room}"),
            subjects: vec![subject(room)],
            max_messages: i64::try_from(KEPT).unwrap_or(i64::MAX),
            duplicate_window: SAME_ID,
            ..Config::default()
        };
        let stream = self.context.get_or_create_stream(config).await;
        stream.map_err(unavailable)
    }
}

#[async_trait]
impl Broker for JetStream {
    async fn publish(&self, room: &str, id: &str, text: &str) -> Result<u64, Status> {
        let known = self
            .known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(room);
        if !known {
            self.stream(room).await?;
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(room.to_owned());
        }
        let mut message = PublishMessage::build().payload(text.to_owned().into());
        if !id.is_empty() {
            message = message.message_id(id);
        }
        let sent = self.context.send_publish(subject(room), message).await;
        // OK only after the broker's answer: `send_publish` alone fills a buffer.
        let kept = sent.map_err(unavailable)?.await.map_err(unavailable)?;
        Ok(kept.sequence)
    }

    async fn state(&self, room: &str) -> Result<(u64, u64), Status> {
        let info = self
            .stream(room)
            .await?
            .get_info()
            .await
            .map_err(unavailable)?;
        let newest = info.state.last_sequence;
        let oldest = match info.state.messages {
            0 => newest.saturating_add(1),
            _ => info.state.first_sequence,
        };
        Ok((oldest, newest))
    }

    async fn consume(&self, room: &str, from: u64) -> Result<Ears, Status> {
        // From here on it hears of a new connection.
        let connected = Arc::clone(&self.connected).notified_owned();
        let config = OrderedConfig {
            deliver_policy: DeliverPolicy::ByStartSequence {
                start_sequence: from.max(1),
            },
            ..OrderedConfig::default()
        };
        let consumer = self.stream(room).await?.create_consumer(config).await;
        let messages = consumer.map_err(unavailable)?.messages().await;
        let messages = messages.map_err(unavailable)?.map(|message| {
            let message = message.map_err(unavailable)?;
            let sequence = message.info().map_err(unavailable)?.stream_sequence;
            let text = String::from_utf8_lossy(&message.payload).into_owned();
            Ok(Message { sequence, text })
        });
        // A broker that was killed has forgotten the consumer, which is in its memory, and says nothing for up
        // to 30 s. So a new connection is a reason to consume anew.
        let anew = stream::once(async { Err(Status::unavailable("the broker was away")) });
        Ok(messages.take_until(connected).chain(anew).boxed())
    }
}
// ANCHOR_END: jetstream

fn subject(room: &str) -> String {
    format!("room.{room}")
}

fn unavailable(error: impl Into<Box<dyn Error + Send + Sync>>) -> Status {
    Status::unavailable(format!("the broker: {}", error.into()))
}
