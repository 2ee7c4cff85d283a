//! `ChatService.Chat`, as an echo that also speaks for itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};
use tonic::{Request, Response, Status, Streaming};
use tracing::info;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_server::ChatService;

/// Echoes what is said, welcomes whoever comes, and has something of its own to say from time to
/// time.
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
        // While the client does not read, nobody asks for the next announcement. By default those
        // that were missed would then come all at once.
        announcements.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let conversation = Conversation {
            said: request.into_inner(),
            announcements,
        };
        let welcome = stream::once(async { Ok(from_server("welcome")) });
        let rest = stream::try_unfold(conversation, Conversation::next);
        Ok(Response::new(welcome.chain(rest).boxed()))
    }
    // ANCHOR_END: chat
}

// ANCHOR: next
/// One call.
struct Conversation {
    said: Streaming<ChatMessage>,
    announcements: Interval,
}

impl Conversation {
    /// The next message to send, and the state after it; None when the client has ended.
    async fn next(mut self) -> Result<Option<(ChatMessage, Self)>, Status> {
        // Whatever happens first. `biased` looks at the branches from top to bottom instead of in
        // random order, so a client that never pauses silences the announcements. The branch that
        // loses is dropped, which loses nothing: what it has taken so far is kept in `self`.
        tokio::select! {
            biased;
            said = self.said.message() => {
                let Some(message) = said? else {
                    info!("the client has ended: ends, too");
                    return Ok(None);
                };
                info!("echoes {:?}", message.content);
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
    info!("says {content:?}");
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
