//! A member of the room: what its client publishes, and what it receives.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;
use tonic::{Status, Streaming};
use workbook::grade::{Finding, Verdict, after, ensure, within};
use workbook::proto::chat::ChatMessage;

/// No call or read takes longer than this, in virtual time.
pub const WAIT_LIMIT: Duration = Duration::from_secs(600);

/// What is published in these plays, except where the message itself matters.
pub fn message(number: usize) -> ChatMessage {
    ChatMessage {
        user_id: "the room".to_owned(),
        content: format!("message {number}"),
        timestamp: i64::try_from(number).unwrap_or(i64::MAX),
        room_id: "lobby".to_owned(),
    }
}

/// The client of one member.
pub struct Member {
    /// None once it has half-closed.
    pub requests: Option<mpsc::Sender<ChatMessage>>,
    pub messages: Streaming<ChatMessage>,
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
    async fn next(&mut self) -> Result<Result<Option<ChatMessage>, Status>, Finding> {
        within(WAIT_LIMIT, "no message had come", self.messages.message()).await
    }

    /// Expects this message.
    pub async fn receives(&mut self, due: &ChatMessage) -> Verdict {
        match self.next().await?? {
            Some(received) => is_due(&received, due),
            None => Err(Finding::seen(format!(
                "the call ended instead of bringing {}",
                shown(due)
            ))),
        }
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
                Ok(Some(received)) => is_due(&received, &message(number))?,
                Ok(None) => return Ok((number, Ok(()))),
                Err(status) => return Ok((number, Err(status))),
            }
        }
        Err(Finding::seen("the messages came to no end"))
    }
}

fn is_due(received: &ChatMessage, due: &ChatMessage) -> Verdict {
    ensure(received == due, || {
        format!("{} came instead of {}", shown(received), shown(due))
    })
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
