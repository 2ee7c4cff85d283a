//! The server: a log of bookings, of which the newest ones are kept.

use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt as _};
use tokio::time::{Instant, sleep, sleep_until};
use tonic::{Request, Response, Status};
use workbook::proto::events::event_service_server::EventService;
use workbook::proto::events::{Event, FollowRequest, GetSnapshotRequest, GetSnapshotResponse};

/// A log. It stands for one on disk: a server that is started again has the same one.
#[derive(Debug, Clone, Copy)]
pub struct Log {
    /// How many events there are in the end.
    pub events: u64,
    /// How many of the newest ones are kept.
    pub kept: u64,
    /// How long each event takes.
    pub every: Duration,
    /// When the log began to grow, an event at a time. `None`: all events are there, and each call reads
    /// them at this pace.
    pub growing_since: Option<Instant>,
    /// How long a call lasts until its server is shut down and says so.
    pub closes_after: Option<Duration>,
}

/// The response stream.
type Events = BoxStream<'static, Result<Event, Status>>;

impl Log {
    fn newest(&self) -> u64 {
        let Some(since) = self.growing_since else {
            return self.events;
        };
        let grown = since.elapsed().as_millis() / self.every.as_millis().max(1);
        u64::try_from(grown).map_or(self.events, |grown| grown.min(self.events))
    }

    fn oldest(&self) -> u64 {
        self.newest().saturating_sub(self.kept) + 1
    }

    // ANCHOR: position
    /// # Errors
    /// InvalidArgument for a position that there cannot be, OutOfRange for one that is no longer kept.
    fn is_kept(&self, from: u64) -> Result<(), Status> {
        if from == 0 {
            return Err(Status::invalid_argument("from: events are numbered from 1"));
        }
        let oldest = self.oldest();
        if from < oldest {
            let text = format!("asked from {from}, the oldest event kept is {oldest}");
            return Err(Status::out_of_range(text));
        }
        Ok(())
    }
    // ANCHOR_END: position

    /// Waits until the event is there.
    async fn is_there(&self, number: u64) {
        match self.growing_since {
            None => sleep(self.every).await,
            Some(since) => {
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                sleep_until(since + self.every * number).await;
            }
        }
    }

    fn from(self, from: u64) -> Events {
        stream::unfold(Some(from), move |number| async move {
            let number = number.filter(|number| *number <= self.events)?;
            self.is_there(number).await;
            Some(match self.is_kept(number) {
                Ok(()) => (Ok(event(number)), Some(number + 1)),
                Err(status) => (Err(status), None),
            })
        })
        .boxed()
    }
}

/// Event 1 books 1, event 2 books 2: a balance shows what is missing and what is there twice.
fn event(number: u64) -> Event {
    Event {
        number,
        amount: i64::try_from(number).unwrap_or(i64::MAX),
    }
}

#[tonic::async_trait]
impl EventService for Log {
    type FollowStream = Events;

    async fn follow(&self, request: Request<FollowRequest>) -> Result<Response<Events>, Status> {
        let from = request.into_inner().from;
        self.is_kept(from)?;
        let events = self.from(from);
        let Some(closes_after) = self.closes_after else {
            return Ok(Response::new(events));
        };
        let state = (events, Box::pin(sleep(closes_after)));
        let until_closed = stream::unfold(Some(state), async |state| {
            let (mut events, mut closed) = state?;
            tokio::select! {
                biased;
                () = &mut closed => {
                    Some((Err(Status::unavailable("the server is shut down")), None))
                }
                event = events.next() => Some((event?, Some((events, closed)))),
            }
        });
        Ok(Response::new(until_closed.boxed()))
    }

    async fn get_snapshot(
        &self,
        _: Request<GetSnapshotRequest>,
    ) -> Result<Response<GetSnapshotResponse>, Status> {
        let number = self.newest();
        let balance = (1..=number).map(|number| event(number).amount).sum();
        Ok(Response::new(GetSnapshotResponse { number, balance }))
    }
}
