//! One call of the exercise, run to its end, and what it showed.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tonic::Status;
use tonic::transport::Channel;
use workbook::grade::{AN_INSTANT, Finding, Peer, Verdict, count, ended, ensure, sequence, within};
use workbook::lab::Lab;
use workbook::proto::chat::ChatMessage;

use super::source::{Gives, Taken, message};
use super::{PATIENCE, Subject};

/// How many bytes the connection may hold: the size in the exercise's text.
const WINDOW: u32 = 16 * 1024;

/// No call of the check takes longer than this, in virtual time.
const RETURNS_WITHIN: Duration = Duration::from_secs(40 * 60 * 60);

/// The exercise, the server that it calls, and its source.
pub struct Call {
    follow: Subject,
    server: Peer,
    channel: Channel,
    pub taken: Taken,
}

/// What the exercise returned, and what it showed.
pub struct Followed {
    pub result: Result<(), Status>,
    pub shown: Vec<ChatMessage>,
    pub took: Duration,
}

impl Call {
    pub async fn to(lab: &Lab, follow: Subject, server: Peer) -> Result<Self, Finding> {
        let server = server.window(WINDOW);
        Ok(Self {
            follow,
            channel: server.meet(lab).await?,
            server,
            taken: Taken::default(),
        })
    }

    /// Follows until the exercise returns, with an endless source and the usual patience.
    pub async fn run(&self) -> Result<Followed, Finding> {
        self.run_with(PATIENCE, Gives::ALL).await
    }

    /// The same with another patience, and another source.
    pub async fn run_with(&self, patience: Duration, gives: Gives) -> Result<Followed, Finding> {
        let source = self.taken.source(gives, self.server.clone());
        let start = Instant::now();
        let mut shown = Vec::new();
        let show = Box::new(|reply| shown.push(reply));
        let run = (self.follow)(self.channel.clone(), source, patience, show);
        let result = within(RETURNS_WITHIN, "it had not returned", run).await?;
        Ok(Followed {
            result,
            shown,
            took: start.elapsed(),
        })
    }

    /// Expects the server not to have been told of a deadline, which it may enforce after its answer, too.
    pub fn has_no_deadline(&self) -> Verdict {
        let told = self.server.told_timeout();
        ensure(told.is_none(), || {
            let told = told.unwrap_or_default();
            format!("the server was told that the whole call may take {told:?}")
        })
    }

    /// Expects so many calls to have been made.
    pub fn has_made(&self, calls: usize) -> Verdict {
        count(self.server.calls().made(), "calls that the server saw").is(calls)
    }

    /// Expects the server to have received messages of the source, each unchanged and in its place.
    pub fn brought(&self, at_least: usize) -> Verdict {
        let received = self.server.received();
        count(received.len(), "messages that the server read").at_least(at_least)?;
        let sent: Vec<_> = (0..received.len()).map(message).collect();
        sequence(&received, "received message").is_by(&sent, number)
    }

    /// Expects the call to be over and the source to be dropped, an instant from now.
    pub async fn is_over(&self) -> Verdict {
        sleep(AN_INSTANT).await;
        count(self.server.calls().alive(), "calls that are still open").is(0)?;
        count(
            self.taken.sources.alive(),
            "sources that something still holds",
        )
        .is(0)
    }
}

/// Follows one call to this server, until the exercise returns.
pub async fn follows(lab: &Lab, follow: Subject, server: Peer) -> Result<Followed, Finding> {
    Call::to(lab, follow, server).await?.run().await
}

impl Followed {
    /// Expects these replies, unchanged and in this order, and then the end.
    pub fn showed(&self, replies: &[ChatMessage]) -> Verdict {
        ended(&self.result).well()?;
        sequence(&self.shown, "shown reply").is_by(replies, number)
    }

    /// Expects the first messages of the source as replies, and then the end.
    pub fn showed_echoes(&self, replies: usize) -> Verdict {
        let echoes: Vec<_> = (0..replies).map(message).collect();
        self.showed(&echoes)
    }
}

/// A reply that echoes nothing, with every field set.
pub fn unasked(number: usize) -> ChatMessage {
    ChatMessage {
        user_id: "server".to_owned(),
        content: format!("news {number}"),
        timestamp: 1_700_000_000,
        room_id: "hall".to_owned(),
    }
}

/// The message's number in its source.
fn number(message: &ChatMessage) -> String {
    message.user_id.clone()
}
