//! What a scripted peer sends, and when.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::sleep;
use tonic::codegen::Bytes;
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

/// A stream that follows a script: the responses of a scripted server, or the requests of a scripted
/// client. After the last act it ends.
///
/// ```
/// # use std::time::Duration;
/// # use workbook::grade::Script;
/// # use tonic::Status;
/// let second = Duration::from_secs(1);
/// let script = Script::new()
///     .send(1)
///     .every(second, 2..=4)
///     .wait(second * 3600)
///     .fail(Status::unavailable("closed"));
/// # drop(script.responses());
/// ```
#[derive(Debug, Clone)]
pub struct Script<M> {
    acts: Vec<Act<M>>,
}

#[derive(Debug, Clone)]
enum Act<M> {
    Wait(Duration),
    Send(M),
    Fail(Status),
    Hold,
    Panic,
}

impl<M> Default for Script<M> {
    fn default() -> Self {
        Self { acts: Vec::new() }
    }
}

impl<M: Clone + Send + 'static> Script<M> {
    /// A script that ends at once.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits for so long, in virtual time.
    #[must_use]
    pub fn wait(self, pause: Duration) -> Self {
        self.act(Act::Wait(pause))
    }

    /// Sends a message as soon as it is asked for one.
    #[must_use]
    pub fn send(self, message: M) -> Self {
        self.act(Act::Send(message))
    }

    /// Sends messages as fast as it is asked for them.
    #[must_use]
    pub fn send_all(self, messages: impl IntoIterator<Item = M>) -> Self {
        messages.into_iter().fold(self, Self::send)
    }

    /// Sends messages, with this pause before each.
    #[must_use]
    pub fn every(self, pause: Duration, messages: impl IntoIterator<Item = M>) -> Self {
        messages
            .into_iter()
            .fold(self, |script, message| script.wait(pause).send(message))
    }

    /// Ends with a status. Among requests, which cannot carry one, it panics: use [`Script::panic`].
    #[must_use]
    pub fn fail(self, status: Status) -> Self {
        self.act(Act::Fail(status))
    }

    /// Neither sends nor ends any more.
    #[must_use]
    pub fn hold(self) -> Self {
        self.act(Act::Hold)
    }

    /// Panics when it is polled next. The panic is not reported as one of the exercise's.
    #[must_use]
    pub fn panic(self) -> Self {
        self.act(Act::Panic)
    }

    fn act(mut self, act: Act<M>) -> Self {
        self.acts.push(act);
        self
    }

    /// As the responses of a server.
    #[must_use]
    pub fn responses(self) -> BoxStream<'static, Result<M, Status>> {
        stream::iter(self.acts)
            .filter_map(async |act| match act {
                Act::Wait(pause) if pause.is_zero() => None,
                Act::Wait(pause) => {
                    sleep(pause).await;
                    None
                }
                Act::Send(message) => Some(Ok(message)),
                Act::Fail(status) => Some(Err(status)),
                Act::Hold => std::future::pending().await,
                // Without the panic hook, which would report it as the exercise's.
                Act::Panic => std::panic::resume_unwind(Box::new("the script says so")),
            })
            .boxed()
    }

    /// As the requests of a client: the end is its half-close.
    #[must_use]
    pub fn requests(self) -> BoxStream<'static, M> {
        let message = |item: Result<M, Status>| match item {
            Ok(message) => message,
            Err(_) => std::panic::resume_unwind(Box::new("a request cannot carry a status")),
        };
        self.responses().map(message).boxed()
    }
}

/// A status with details and metadata, which a peer sends and an exercise hands on unchanged.
#[must_use]
pub fn status_with_details(code: Code, message: &str) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert("retry-in", MetadataValue::from_static("60"));
    let details = Bytes::from_static(b"the reason, encoded");
    Status::with_details_and_metadata(code, message, details, metadata)
}
