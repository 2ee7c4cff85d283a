//! A member's stay on the server: a task that reads what the client sends, and a stream that the client reads.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures::Stream;
use futures::stream;
use tokio::sync::mpsc;
use tokio::time::{Instant, Interval, MissedTickBehavior, Sleep, interval_at, sleep};
use tokio_util::task::AbortOnDropHandle;
use tonic::Status;
use tracing::{Instrument as _, Span, info};
use workbook::proto::rooms::from_room::Kind;
use workbook::proto::rooms::{Beat, FromRoom, Here, Refused};

use super::limits::{BEAT, PRESENCE, REFUSALS};
use super::reading::{Reading, Requests};
use super::room::{Member, Position, Room};

// ANCHOR: seat
/// The response stream of a stay. hyper polls it only while the client's window has room, so what must
/// happen to a client that does not read is not done here, but by the task.
pub struct Seat {
    room: Arc<Room>,
    here: Option<Here>,
    at: Position,
    /// The same as `at.next`, for the task, which ends a member that is too far behind.
    next: Arc<AtomicU64>,
    refusals: mpsc::Receiver<Refused>,
    presence: Interval,
    /// Fires when nothing has been sent for a while.
    quiet: Pin<Box<Sleep>>,
    /// The task, and how it ends: with the last message that the member is to have, or a status. Dropping
    /// the stream aborts it, and the member is gone with it.
    reading: AbortOnDropHandle<Result<u64, Status>>,
    /// The member has left: nothing is sent behind this message.
    until: Option<u64>,
}
// ANCHOR_END: seat

impl Seat {
    /// Takes it, and begins to read.
    pub fn take(member: Member, here: Here, at: Position, requests: Requests) -> Self {
        let next = Arc::new(AtomicU64::new(at.next));
        let (refuse, refusals) = mpsc::channel(REFUSALS);
        let room = Arc::clone(member.room());
        let reading = Reading {
            member,
            requests,
            refuse,
            next: Arc::clone(&next),
        };
        let mut presence = interval_at(Instant::now() + PRESENCE, PRESENCE);
        presence.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            room,
            here: Some(here),
            at,
            next,
            refusals,
            presence,
            quiet: Box::pin(sleep(BEAT)),
            reading: AbortOnDropHandle::new(tokio::spawn(
                reading.run().instrument(Span::current()),
            )),
            until: None,
        }
    }

    pub fn events(self) -> impl Stream<Item = Result<FromRoom, Status>> + Send {
        stream::try_unfold(self, async |mut seat| {
            let kind = seat.event().await?;
            Ok(kind.map(|kind| (FromRoom { kind: Some(kind) }, seat)))
        })
    }

    async fn event(&mut self) -> Result<Option<Kind>, Status> {
        let kind = match self.here.take() {
            Some(here) => Some(Kind::Here(here)),
            None => self.next().await?,
        };
        self.quiet.as_mut().reset(Instant::now() + BEAT);
        Ok(kind)
    }

    // ANCHOR: next
    async fn next(&mut self) -> Result<Option<Kind>, Status> {
        loop {
            if self.until.is_some_and(|until| self.at.next > until) {
                return Ok(None);
            }
            tokio::select! {
                biased;
                // First: a member whose stay has ended gets nothing more, whatever there is to read.
                ended = &mut self.reading, if self.until.is_none() => {
                    let lost = |_| Status::internal("the member's task has panicked");
                    self.until = Some(ended.map_err(lost)??);
                }
                Some(refused) = self.refusals.recv() => return Ok(Some(Kind::Refused(refused))),
                said = self.room.next(self.at.next) => {
                    let said = said?;
                    self.at.next = said.sequence + 1;
                    self.next.store(self.at.next, Ordering::Relaxed);
                    return Ok(Some(Kind::Said(said)));
                }
                _ = self.presence.tick() => {
                    if let Some((moved, told)) = self.room.moved(self.at.told) {
                        self.at.told = told;
                        return Ok(Some(Kind::Moved(moved)));
                    }
                }
                () = &mut self.quiet => return Ok(Some(Kind::Beat(Beat {}))),
            }
        }
    }
    // ANCHOR_END: next
}

impl Drop for Seat {
    fn drop(&mut self) {
        info!(step = "stream_dropped", "a response stream is dropped");
    }
}
