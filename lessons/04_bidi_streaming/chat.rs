//! `ChatService.Chat`, as an echo that also sends messages of its own.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// Echoes every message. Of its own it sends a welcome, and an announcement from time to time.
pub struct Echo {
    /// The time between two announcements.
    pub announces_every: Duration,
}

#[tonic::async_trait]
impl ChatService for Echo {
    // ANCHOR: chat
    type ChatStream = BoxStream<'static, Result<ChatMessage, Status>>;

    async fn chat(
        &self,
        request: Request<Streaming<ChatMessage>>,
    ) -> Result<Response<Self::ChatStream>, Status> {
        let period = self.announces_every;
        let mut announcements = interval_at(Instant::now() + period, period);
        // While the client does not read, tonic does not poll for the next announcement. By
        // default, an interval would then fire all the missed ticks at once.
        announcements.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let conversation = Conversation {
            messages: request.into_inner(),
            announcements,
        };
        let welcome = stream::once(async { Ok(from_server("welcome")) });
        let rest = stream::try_unfold(conversation, Conversation::next);
        Ok(Response::new(welcome.chain(rest).boxed()))
    }
    // ANCHOR_END: chat
}

// ANCHOR: next
/// The state of one call.
struct Conversation {
    messages: Streaming<ChatMessage>,
    announcements: Interval,
}

impl Conversation {
    /// The next message to send, and the state after it; None when the client has half-closed.
    async fn next(mut self) -> Result<Option<(ChatMessage, Self)>, Status> {
        // Waits for a message or an announcement, whichever comes first. `biased` polls the branches
        // from top to bottom instead of in random order, so a client that never pauses silences the
        // announcements. The branch that loses is dropped, but its progress is kept in `self`.
        tokio::select! {
            biased;
            received = self.messages.message() => {
                let Some(message) = received? else {
                    info!("the client has half-closed: ends the call");
                    return Ok(None);
                };
                let content = &message.content;
                info!(echo = content, "echoes {content:?}");
                Ok(Some((ChatMessage { timestamp: now(), ..message }, self)))
            }
            _ = self.announcements.tick() => {
                Ok(Some((from_server("still here"), self)))
            }
        }
    }
}
// ANCHOR_END: next

fn from_server(content: &str) -> ChatMessage {
    info!(sent = content, "sends {content:?}");
    ChatMessage {
        user_id: "server".to_owned(),
        content: content.to_owned(),
        timestamp: now(),
        room_id: String::new(),
    }
}

/// Seconds since 1970; 0 on a machine whose clock is set before that.
fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
}
