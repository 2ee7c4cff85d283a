//! A user of the exercise, the server that it calls, and what it showed.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::time::{Instant, sleep, timeout};
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{
    AN_INSTANT, Drops, Finding, Peer, Script, Verdict, after, count, seconds, sequence,
};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;
use workbook::proto::chat::chat_service_client::ChatServiceClient;

use super::Subject;
use super::lines::line_of;

/// Each side's stream window, in bytes: small, so that a side that does not read soon stops the other.
const WINDOW: u32 = 16 * 1024;

/// A server, and the exercise as its client.
pub struct Room {
    chat: Subject,
    peer: Peer,
    channel: Channel,
    lines: Drops,
}

impl Room {
    pub async fn open(lab: &Lab, chat: Subject, peer: Peer) -> Result<Self, Finding> {
        let peer = peer.window(WINDOW);
        Ok(Self {
            chat,
            channel: peer.meet(lab).await?,
            peer,
            lines: Drops::new(),
        })
    }

    /// Chats as "ada" until the exercise returns; the result is its own.
    pub async fn chat(&self, lines: Script<String>) -> (Chatted, Result<(), Status>) {
        let mut chatted = Chatted::new();
        let end = self.run("ada", lines, &mut chatted).await;
        chatted.took = chatted.start.elapsed();
        (chatted, end)
    }

    /// Chats for so long at most. The chat may return, but not with a failure.
    pub async fn chat_for(
        &self,
        limit: Duration,
        user_id: &str,
        lines: Script<String>,
    ) -> Result<Chatted, Finding> {
        let mut chatted = Chatted::new();
        let end = timeout(limit, self.run(user_id, lines, &mut chatted)).await;
        end.unwrap_or(Ok(()))?;
        Ok(chatted)
    }

    async fn run(
        &self,
        user_id: &str,
        lines: Script<String>,
        chatted: &mut Chatted,
    ) -> Result<(), Status> {
        let client = ChatServiceClient::new(self.channel.clone());
        let lines = self.lines.guards(lines.requests()).boxed();
        let Chatted { start, shown, .. } = chatted;
        let show = Box::new(|message| shown.push((start.elapsed(), message)));
        (self.chat)(client, user_id, lines, show).await
    }

    /// Expects the server to have received these lines, and no others.
    pub fn received(&self, user_id: &str, lines: &[String]) -> Verdict {
        let sent: Vec<_> = lines.iter().map(|line| line_of(user_id, line)).collect();
        sequence(&self.peer.received(), "received line").is_by(&sent, text)
    }

    /// Expects the lines to be dropped and the call to be over, an instant from now.
    pub async fn is_over(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        count(self.lines.alive(), "lines that something still waits for").is(0)?;
        count(self.peer.calls().alive(), "calls that are still open").is(0)
    }
}

/// What a chat has shown, and when.
pub struct Chatted {
    start: Instant,
    /// How long it took to return.
    pub took: Duration,
    shown: Vec<(Duration, ChatMessage)>,
}

impl Chatted {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            took: Duration::ZERO,
            shown: Vec::new(),
        }
    }

    /// Expects this message, at this time after the beginning.
    pub fn showed_at(&self, due: Duration, message: &ChatMessage) -> Verdict {
        let content = &message.content;
        let shown = self.shown.iter().find(|(_, shown)| shown == message);
        let (at, _) = shown.ok_or_else(|| {
            let due = seconds(due);
            Finding::seen(format!(
                "{content:?}, due at {due}, was not shown, or was changed"
            ))
        })?;
        after(*at, &format!("{content:?} was shown")).is(due)
    }

    /// Expects these messages, unchanged and in this order, and no others.
    pub fn showed(&self, messages: &[ChatMessage]) -> Verdict {
        let shown: Vec<_> = self.shown.iter().map(|(_, shown)| shown.clone()).collect();
        sequence(&shown, "shown message").is_by(messages, text)
    }
}

/// The message's text.
fn text(message: &ChatMessage) -> String {
    message.content.clone()
}
