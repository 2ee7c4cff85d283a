//! Servers whose uploads, subscriptions or conversations break one promise each.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Status, Streaming};
use workbook::proto::stream::{StreamPoint, StreamRequest};

use super::deadline::until;
use super::service::{Ask, Calls, END, UPLOADS, no_point, points, sum};
use super::station::{Item, LARGEST_UPLOAD, Points, Station};

/// How many points may wait for a subscriber.
const WAITING: usize = 16;
/// Longer than any test.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Stores whatever has come when no more comes, for whatever reason.
pub struct StoresWhatCame;

#[tonic::async_trait]
impl Calls for StoresWhatCame {
    async fn record(
        &self,
        station: &Station,
        mut requests: Streaming<StreamRequest>,
    ) -> Result<i32, Status> {
        let mut upload = Vec::new();
        // Wrong: neither None nor an error proves that the client has finished.
        while let Ok(Some(request)) = requests.message().await {
            let point = request.pt.ok_or_else(no_point)?;
            if point.name == END {
                continue;
            }
            if upload.len() == LARGEST_UPLOAD {
                return Err(Status::resource_exhausted("the upload is too large"));
            }
            upload.push(point);
        }
        Ok(self.keep(station, upload).await)
    }
}

/// Awaits each subscriber in turn, so one that does not read stops all.
pub struct InTurn {
    subscribers: Mutex<Vec<mpsc::Sender<Item>>>,
    /// How long it waits for one, before it forgets that one.
    patience: Duration,
}

#[tonic::async_trait]
impl Calls for InTurn {
    fn list(&self, station: &Station, ask: Ask) -> Points {
        if ask.name != UPLOADS {
            return until(ask.deadline, points(station, &ask));
        }
        let (subscriber, waiting) = mpsc::channel(WAITING);
        self.subscribers().push(subscriber);
        until(ask.deadline, ReceiverStream::new(waiting).boxed())
    }

    async fn keep(&self, station: &Station, upload: Vec<StreamPoint>) -> i32 {
        let sum = sum(&upload);
        station.keep(sum);
        for point in upload {
            self.subscribers()
                .retain(|subscriber| !subscriber.is_closed());
            let subscribers = self.subscribers().clone();
            for subscriber in subscribers {
                // Wrong: waits until this one has room. It fails when the client has disconnected.
                let sent = timeout(self.patience, subscriber.send(Ok(point.clone())));
                if sent.await.is_err() {
                    self.subscribers()
                        .retain(|other| !other.same_channel(&subscriber));
                }
            }
        }
        sum
    }
}

impl Default for InTurn {
    fn default() -> Self {
        Self::waiting(A_DAY)
    }
}

impl InTurn {
    /// Waits for each subscriber for so long.
    pub fn waiting(patience: Duration) -> Self {
        Self {
            subscribers: Mutex::default(),
            patience,
        }
    }

    fn subscribers(&self) -> std::sync::MutexGuard<'_, Vec<mpsc::Sender<Item>>> {
        // Nothing that holds the lock can leave the list half-changed.
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads all requests before it answers the first.
pub struct AnswersAtTheEnd;

// ANCHOR: answers_at_the_end
impl Calls for AnswersAtTheEnd {
    fn route(&self, requests: Streaming<StreamRequest>) -> Points {
        // Wrong: a client that waits for an answer before it sends on never sends the end.
        let all = requests
            .take(LARGEST_UPLOAD)
            .map(|request| request?.pt.ok_or_else(no_point))
            .collect::<Vec<Item>>();
        stream::once(all).flat_map(stream::iter).boxed()
    }
}
// ANCHOR_END: answers_at_the_end
