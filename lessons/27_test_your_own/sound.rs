//! Sound servers that are built in other ways. A good test passes for each of them.

use std::time::Duration;

use futures::StreamExt as _;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;
use tokio_stream::wrappers::ReceiverStream;
use tokio_util::task::AbortOnDropHandle;
use tonic::{Code, Status, Streaming};
use tracing::{Instrument as _, Span};
use workbook::proto::stream::StreamRequest;

use super::deadline::until;
use super::service::{Ask, Calls, Sound, points};
use super::station::{Points, Station};

/// How many points may wait for a client, where nothing else is said.
const WAITING: usize = 4;

/// Has a task for each List, which ends with its response stream.
pub struct WithTasks {
    /// How many points may wait for a client.
    pub queue: usize,
}

impl Default for WithTasks {
    fn default() -> Self {
        Self { queue: WAITING }
    }
}

impl Calls for WithTasks {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let mut points = until(ask.deadline, points(station, &ask));
        let (sender, waiting) = mpsc::channel(self.queue);
        let produce = async move {
            while let Some(item) = points.next().await {
                if sender.send(item).await.is_err() {
                    return;
                }
            }
        };
        let task = tokio::spawn(produce.instrument(Span::current()));
        let task = AbortOnDropHandle::new(task);
        ReceiverStream::new(waiting)
            .inspect(move |_| {
                // Owned by the stream, so the task is aborted when the stream is dropped.
                let _owned = &task;
            })
            .boxed()
    }
}

/// How long something of [`LetsGoLate`] stays behind a call: nearly the second that it may.
const LATE: Duration = Duration::from_millis(900);

/// Tidies up in a task when a List is over, and needs a moment for it.
pub struct LetsGoLate;

impl Calls for LetsGoLate {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        let (held, dropped) = oneshot::channel::<()>();
        // It ends by itself, because the stream owns the sender.
        let tidies = async move {
            let _ = dropped.await;
            sleep(LATE).await;
        };
        tokio::spawn(tidies.instrument(Span::current()));
        let points = Sound.list(station, ask).inspect(move |_| {
            let _owned = &held;
        });
        points.boxed()
    }
}

/// How long [`Slow`] thinks.
const THINKS: Duration = Duration::from_millis(50);

/// Needs a moment for each call, and says what is wrong in other words.
pub struct Slow;

#[tonic::async_trait]
impl Calls for Slow {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        Sound.list(station, ask).map(in_other_words).boxed()
    }

    async fn record(
        &self,
        station: &Station,
        requests: Streaming<StreamRequest>,
    ) -> Result<i32, Status> {
        sleep(THINKS).await;
        in_other_words(Sound.record(station, requests).await)
    }

    fn route(&self, requests: Streaming<StreamRequest>) -> Points {
        let answers = Sound.route(requests).then(async |answer| {
            sleep(THINKS).await;
            answer
        });
        answers.boxed()
    }
}

/// The same, with another text, and DataLoss where it was Aborted.
fn in_other_words<T>(result: Result<T, Status>) -> Result<T, Status> {
    result.map_err(|status| match status.code() {
        Code::Aborted => Status::data_loss("incomplete"),
        code => Status::new(code, "sorry"),
    })
}
