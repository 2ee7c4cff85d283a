//! A member that moves: it needs `jitter.rs` and `retry.rs`, and nothing else of this lesson.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use tracing::info;
use workbook::proto::forum::forum_service_client::ForumServiceClient;
use workbook::proto::forum::{Heard, ListenRequest};

use super::jitter::Jitter;
use super::retry::is_worth_a_move;

/// The longest pause after all servers have failed in turn; it doubles with each further round …
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// … up to this one. A server that is back is found at most so much later.
const LONGEST_PAUSE: Duration = Duration::from_millis(1600);
/// After so many doublings the pause is the longest in any case.
const DOUBLINGS: u32 = 4;

// ANCHOR: member
/// A member of a room that is served by several servers. It hears each message once and in order, whichever of
/// them are killed, as long as one is left.
pub struct Member {
    /// By name. The member listens at one of them.
    servers: Vec<(String, ForumServiceClient<Channel>)>,
    room: String,
    at: usize,
    /// The broker's number of the last message that was handed over. It means the same at every server.
    after: u64,
    messages: Option<Streaming<Heard>>,
    /// Servers that have failed since the last message.
    failed: u32,
    not_before: Instant,
    jitter: Jitter,
}
// ANCHOR_END: member

impl Member {
    /// Listens behind that message, first at the server with that index.
    pub fn new(
        servers: Vec<(String, ForumServiceClient<Channel>)>,
        at: usize,
        room: &str,
        after: u64,
        jitter: Jitter,
    ) -> Self {
        Self {
            servers,
            room: room.to_owned(),
            at,
            after,
            messages: None,
            failed: 0,
            not_before: Instant::now(),
            jitter,
        }
    }

    // ANCHOR: next
    /// The next message; `None` when the room was closed with OK. Cancel-safe: a dropped future loses no message
    /// and no pause.
    ///
    /// # Errors
    /// A status that no other server can change, such as OutOfRange: the member has missed messages for good.
    pub async fn next(&mut self) -> Result<Option<Heard>, Status> {
        loop {
            let came = match &mut self.messages {
                Some(messages) => messages.message().await,
                None => match self.listen().await {
                    Ok(messages) => {
                        self.messages = Some(messages);
                        continue;
                    }
                    Err(status) => Err(status),
                },
            };
            match came {
                // A repeated one.
                Ok(Some(heard)) if heard.sequence <= self.after => {}
                Ok(Some(heard)) => {
                    self.after = heard.sequence;
                    self.failed = 0;
                    return Ok(Some(heard));
                }
                Ok(None) => return Ok(None),
                Err(status) => self.moves(status)?,
            }
        }
    }

    async fn listen(&mut self) -> Result<Streaming<Heard>, Status> {
        sleep_until(self.not_before).await;
        let request = ListenRequest {
            room: self.room.clone(),
            after: Some(self.after),
        };
        let no_server = || Status::invalid_argument("there is no server to listen at");
        let (_, client) = self.servers.get_mut(self.at).ok_or_else(no_server)?;
        Ok(client.listen(request).await?.into_inner())
    }

    /// To the next server at once, and to the first again after a pause.
    fn moves(&mut self, status: Status) -> Result<(), Status> {
        self.messages = None;
        let code = status.code();
        if !is_worth_a_move(code) {
            return Err(status);
        }
        // There is one: it has just failed.
        self.at = (self.at + 1).checked_rem(self.servers.len()).unwrap_or(0);
        self.failed = self.failed.saturating_add(1);
        let servers = u32::try_from(self.servers.len()).unwrap_or(u32::MAX);
        if self.failed.is_multiple_of(servers) {
            let rounds = (self.failed / servers).saturating_sub(1).min(DOUBLINGS);
            let limit = (FIRST_PAUSE * 2_u32.pow(rounds)).min(LONGEST_PAUSE);
            self.not_before = Instant::now() + self.jitter.up_to(limit);
        }
        if let Some((to, _)) = self.servers.get(self.at) {
            log_move(code, to, self.after);
        }
        Ok(())
    }
    // ANCHOR_END: next
}

fn log_move(code: Code, to: &str, after: u64) {
    info!(?code, after, "{code:?}: goes on at {to} after {after}");
}
