//! The task of a member: reads what the client sends, and ends the stay when it must end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};
use tonic::{Status, Streaming};
use tracing::info;
use workbook::graceful::Shutdown;
use workbook::proto::rooms::to_room::Kind;
use workbook::proto::rooms::{Refused, ToRoom};

use super::limits::{PRESENCE, SILENCE};
use super::rate::Rate;
use super::room::Member;
use super::token::{Proved, Tokens, expired};

/// What a client sends, and what its right to send it depends on.
pub struct Requests {
    pub stream: Streaming<ToRoom>,
    pub tokens: Tokens,
    pub proved: Proved,
    pub shutdown: Shutdown,
}

/// The task. It owns the member, so the member is gone when the task ends.
pub struct Reading {
    pub member: Member,
    pub requests: Requests,
    pub refuse: mpsc::Sender<Refused>,
    /// The message that the member reads next.
    pub next: Arc<AtomicU64>,
}

impl Reading {
    // ANCHOR: reading
    /// Reads until the stay ends: the last message that the member is to have, or why it gets no more.
    pub async fn run(mut self) -> Result<u64, Status> {
        let ended = self.reads().await;
        if let Err(status) = &ended {
            let (name, code) = (self.member.name(), status.code());
            info!(ended = name, ?code, "ends {name}'s stay: {code:?}");
        }
        ended
    }

    async fn reads(&mut self) -> Result<u64, Status> {
        let told = self.requests.shutdown.told();
        tokio::pin!(told);
        let mut rate = Rate::new(self.member.room().limits().a_second);
        let mut behind = interval_at(Instant::now() + PRESENCE, PRESENCE);
        behind.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut silent = Instant::now() + SILENCE;
        loop {
            tokio::select! {
                biased;
                () = &mut told => return Err(Shutdown::status()),
                () = self.member.replaced.cancelled() => return Err(replaced()),
                () = sleep_until(self.requests.proved.expires) => return Err(expired()),
                () = sleep_until(silent) => return Err(is_silent()),
                request = self.requests.stream.message() => {
                    let Some(request) = request? else { return Ok(self.member.room().last()) };
                    silent = Instant::now() + SILENCE;
                    self.takes(request, &mut rate)?;
                }
                // Fails when the member needs a message that is no longer kept.
                _ = behind.tick() => {
                    self.member.room().kept(self.next.load(Ordering::Relaxed))?;
                }
            }
        }
    }
    // ANCHOR_END: reading

    fn takes(&mut self, request: ToRoom, rate: &mut Rate) -> Result<(), Status> {
        match request.kind {
            Some(Kind::Say(text)) => match self.refusal(&text, rate) {
                None => {
                    self.member.say(text);
                    Ok(())
                }
                Some(why) => self.refuses(text, why),
            },
            Some(Kind::Token(token)) => self.renews(&token),
            Some(Kind::Beat(_)) => Ok(()),
            Some(Kind::Enter(_)) => Err(Status::invalid_argument("only the first message enters")),
            None => Err(Status::invalid_argument("the message is empty")),
        }
    }

    // ANCHOR: renews
    fn renews(&mut self, token: &str) -> Result<(), Status> {
        let newer = self.requests.tokens.check(token)?;
        if newer.name != self.member.name() {
            return Err(Status::permission_denied("the token is of another name"));
        }
        info!(renewed = newer.name, "a newer token of {}", newer.name);
        self.requests.proved = newer;
        Ok(())
    }
    // ANCHOR_END: renews

    fn refusal(&self, text: &str, rate: &mut Rate) -> Option<String> {
        let limits = self.member.room().limits();
        if text.trim().is_empty() {
            return Some("there is no text".to_owned());
        }
        if text.len() > limits.text {
            return Some(format!("a message has at most {} bytes", limits.text));
        }
        let too_fast = || format!("at most {} messages a second", limits.a_second);
        (!rate.has_room()).then(too_fast)
    }

    /// An answer in the stream, because a status would end it. A member that does not read its
    /// refusals is ended.
    fn refuses(&self, mut text: String, why: String) -> Result<(), Status> {
        // The client knows what it has sent: enough of it to find the message again.
        while text.len() > self.member.room().limits().text {
            text.pop();
        }
        let ended = |_| Status::resource_exhausted("too many messages that were refused");
        self.refuse.try_send(Refused { text, why }).map_err(ended)
    }
}

fn replaced() -> Status {
    Status::aborted("the same name has joined again")
}

fn is_silent() -> Status {
    Status::deadline_exceeded("the client has been silent for too long")
}
