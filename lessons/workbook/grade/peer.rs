//! A scripted server of `ChatService.Chat`, which three lessons' exercises call.

mod conversation;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tonic::Status;
use tonic::transport::{Channel, Endpoint, Server};

use super::{Drops, Finding, Script};
use crate::lab::Lab;
use crate::proto::chat::ChatMessage;
use crate::proto::chat::chat_service_server::ChatServiceServer;

/// A chat server that does what it is told, and records what it receives and how long its calls
/// last. Unless told otherwise it answers at once, reads all that comes, sends nothing, and ends with
/// OK when the client has half-closed. A clone is the same server.
///
/// ```
/// # use std::time::Duration;
/// # use tonic::Status;
/// # use workbook::grade::{Finding, Peer};
/// # async fn play(lab: workbook::lab::Lab) -> Result<(), Finding> {
/// let peer = Peer::new().wants(3).echoes().ends_after(10).with(Status::aborted("closed"));
/// let channel = peer.meet(&lab).await?;
/// // … the exercise calls …
/// assert_eq!(peer.received().len(), 13);
/// assert_eq!(peer.calls().alive(), 0);
/// # drop(channel);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Peer {
    wants: usize,
    answers_after: Duration,
    refuses: Option<Status>,
    says: Script<ChatMessage>,
    reads_nothing: bool,
    pace: Duration,
    behind: usize,
    /// How many messages are echoed …
    echoes: usize,
    /// … and whether the call ends after them.
    ends_after_echoes: bool,
    ends_when_said: bool,
    ends_with: Status,
    window: Option<u32>,
    received: Arc<Mutex<Vec<ChatMessage>>>,
    told_timeout: Arc<Mutex<Option<String>>>,
    calls: Drops,
}

impl Default for Peer {
    fn default() -> Self {
        Self {
            wants: 0,
            answers_after: Duration::ZERO,
            refuses: None,
            says: Script::new(),
            reads_nothing: false,
            pace: Duration::ZERO,
            behind: 0,
            echoes: 0,
            ends_after_echoes: false,
            ends_when_said: false,
            ends_with: Status::ok(""),
            window: None,
            received: Arc::default(),
            told_timeout: Arc::default(),
            calls: Drops::new(),
        }
    }
}

impl Peer {
    /// Answers, reads all, sends nothing, and ends with the client's half.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads so many messages before it answers the call.
    #[must_use]
    pub fn wants(self, wants: usize) -> Self {
        Self { wants, ..self }
    }

    /// Waits so long before it answers the call, once it has what it wants.
    #[must_use]
    pub fn answers_after(self, answers_after: Duration) -> Self {
        Self {
            answers_after,
            ..self
        }
    }

    /// Fails with this instead of answering.
    #[must_use]
    pub fn refuses(self, status: Status) -> Self {
        Self {
            refuses: Some(status),
            ..self
        }
    }

    /// Sends this from its answer on, whatever the client does. The call goes on until both this and
    /// the client's half have ended.
    #[must_use]
    pub fn says(self, says: Script<ChatMessage>) -> Self {
        Self { says, ..self }
    }

    /// Takes so long for each message that it reads after its answer.
    #[must_use]
    pub fn reads_every(self, pace: Duration) -> Self {
        Self { pace, ..self }
    }

    /// Holds the client's messages and reads none.
    #[must_use]
    pub fn reads_nothing(self) -> Self {
        Self {
            reads_nothing: true,
            ..self
        }
    }

    /// Sends every message back, those that it has read before its answer included.
    #[must_use]
    pub fn echoes(self) -> Self {
        self.echoes_only(usize::MAX)
    }

    /// Sends back the first so many, and reads the rest.
    #[must_use]
    pub fn echoes_only(self, echoes: usize) -> Self {
        Self { echoes, ..self }
    }

    /// Is so many messages ahead with its reading, until the client has half-closed.
    #[must_use]
    pub fn behind(self, behind: usize) -> Self {
        Self { behind, ..self }
    }

    /// Sends back so many, then ends the call.
    #[must_use]
    pub fn ends_after(self, echoes: usize) -> Self {
        Self {
            ends_after_echoes: true,
            ..self.echoes_only(echoes)
        }
    }

    /// Ends the call as soon as it has said all, whatever the client does.
    #[must_use]
    pub fn ends_when_said(self) -> Self {
        Self {
            ends_when_said: true,
            ..self
        }
    }

    /// Ends the call with this status instead of OK.
    #[must_use]
    pub fn with(self, status: Status) -> Self {
        Self {
            ends_with: status,
            ..self
        }
    }

    /// The stream window of both ends, in bytes.
    #[must_use]
    pub fn window(self, bytes: u32) -> Self {
        Self {
            window: Some(bytes),
            ..self
        }
    }

    /// Serves, and connects a client.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn meet(&self, lab: &Lab) -> Result<Channel, Finding> {
        self.meet_with(lab, std::convert::identity).await
    }

    /// The same with a client's end that the exercise configures.
    ///
    /// # Errors
    /// When there is no connection.
    pub async fn meet_with(
        &self,
        lab: &Lab,
        configured: impl FnOnce(Endpoint) -> Endpoint,
    ) -> Result<Channel, Finding> {
        let window = self.window;
        let server = Server::builder()
            .layer(lab.meter().layer())
            .initial_stream_window_size(window)
            .add_service(ChatServiceServer::new(self.clone()));
        lab.serve(server);
        let both = |endpoint: Endpoint| configured(endpoint.initial_stream_window_size(window));
        Ok(lab.channel_with(both).await?)
    }

    /// What it has received so far.
    #[must_use]
    pub fn received(&self) -> Vec<ChatMessage> {
        self.with_received(|received| received.clone())
    }

    /// How many messages it has read so far.
    #[must_use]
    pub fn read(&self) -> usize {
        self.with_received(|received| received.len())
    }

    /// The deadline of the last call that had one, as its header has it: "30S".
    #[must_use]
    pub fn told_timeout(&self) -> Option<String> {
        let told = self.told_timeout.lock();
        told.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Its calls: how many there were, how many have not ended, and when the last one ended.
    #[must_use]
    pub fn calls(&self) -> &Drops {
        &self.calls
    }

    fn with_received<T>(&self, act: impl FnOnce(&mut Vec<ChatMessage>) -> T) -> T {
        // A push or a clone that panics leaves the list as it was.
        act(&mut self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
