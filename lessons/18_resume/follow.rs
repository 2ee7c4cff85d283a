//! Follows a numbered log through whatever happens to the connection. It needs `backoff.rs`, `jitter.rs`
//! and `retry.rs`, and nothing else of this lesson.

use std::mem;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{Instant, sleep_until, timeout_at};
use tonic::{Status, Streaming};
use tracing::info;

use super::backoff::{Backoff, Policy};
use super::jitter::Jitter;
use super::retry::is_worth_a_retry;

/// A call that has not been answered yet.
pub type Opening<E> = BoxFuture<'static, Result<Streaming<E>, Status>>;

// ANCHOR: follower
/// A log, followed from a position: each event once, in order, through cuts, restarts, GOAWAY, silence and
/// repeats. The log numbers its events without a gap.
///
/// There is never more than one call. Dropping the follower cancels it.
pub struct Follower<E> {
    /// Calls, and asks for the events from that number on.
    open: Box<dyn Fn(u64) -> Opening<E> + Send + Sync>,
    number: fn(&E) -> u64,
    /// The number of the event that is handed over next. It is all that a new call needs to know.
    next: u64,
    calls: usize,
    idle: Duration,
    backoff: Backoff,
    state: State<E>,
}

/// Everything that a dropped `next()` must not lose stands here, and not in its future.
enum State<E> {
    Pausing(Instant),
    Opening(Opening<E>, Deadline),
    Open(Box<Streaming<E>>, Deadline),
    Ended(Result<(), Status>),
}

/// When a silent call is given up.
type Deadline = Instant;
// ANCHOR_END: follower

impl<E> Follower<E> {
    /// Follows from that number on, with a first call when [`Follower::next`] is first polled.
    pub fn new(
        from: u64,
        open: impl Fn(u64) -> Opening<E> + Send + Sync + 'static,
        number: fn(&E) -> u64,
        policy: Policy,
        jitter: Jitter,
    ) -> Self {
        Self {
            open: Box::new(open),
            number,
            next: from,
            calls: 0,
            idle: policy.idle,
            backoff: Backoff::new(policy, jitter),
            state: State::Pausing(Instant::now()),
        }
    }

    /// How many calls it has made so far.
    pub fn calls(&self) -> usize {
        self.calls
    }

    // ANCHOR: next
    /// The next event; `None` when the log was closed with OK.
    ///
    /// Cancel-safe: when the future is dropped, no event is lost, and a pause, a call that is not answered
    /// and the idle limit go on where they were.
    ///
    /// # Errors
    /// A status that no retry can change, DataLoss when the server leaves an event out, or the last
    /// status when the budget is used up. It is returned again by every later call.
    pub async fn next(&mut self) -> Result<Option<E>, Status> {
        loop {
            match &mut self.state {
                State::Pausing(until) => {
                    sleep_until(*until).await;
                    self.calls += 1;
                    let opening = (self.open)(self.next);
                    self.state = State::Opening(opening, Instant::now() + self.idle);
                }
                State::Opening(opening, deadline) => match timeout_at(*deadline, opening).await {
                    Ok(Ok(events)) => {
                        self.state = State::Open(Box::new(events), Instant::now() + self.idle);
                    }
                    Ok(Err(status)) => self.failed(status),
                    Err(_) => self.failed(silent()),
                },
                State::Open(events, deadline) => {
                    match timeout_at(*deadline, events.message()).await {
                        Ok(Ok(Some(event))) => {
                            *deadline = Instant::now() + self.idle;
                            if let Some(event) = self.accepted(event) {
                                return Ok(Some(event));
                            }
                        }
                        Ok(Ok(None)) => self.state = State::Ended(Ok(())),
                        Ok(Err(status)) => self.failed(status),
                        Err(_) => self.failed(silent()),
                    }
                }
                State::Ended(end) => return end.clone().map(|()| None),
            }
        }
    }
    // ANCHOR_END: next

    // ANCHOR: accepted
    /// The event if it is the next one. A repeated one is skipped, and a missing one is the end.
    fn accepted(&mut self, event: E) -> Option<E> {
        let number = (self.number)(&event);
        if number < self.next {
            return None;
        }
        if number > self.next {
            let missing = format!("event {} is missing: {number} came", self.next);
            self.state = State::Ended(Err(Status::data_loss(missing)));
            return None;
        }
        self.next = self.next.saturating_add(1);
        self.backoff.progress();
        Some(event)
    }

    /// The call is over: a pause, or the end. Replacing the state drops the old call, which cancels it
    /// if it is still open.
    fn failed(&mut self, status: Status) {
        let (code, behind) = (status.code(), self.next.saturating_sub(1));
        let pause = is_worth_a_retry(code).then(|| self.backoff.failed());
        let next = match pause.flatten() {
            Some(pause) => {
                let (from, ms) = (self.next, pause.as_millis());
                info!(
                    ?code,
                    behind, "{code:?}: calls again from {from}, in {ms} ms"
                );
                State::Pausing(Instant::now() + pause)
            }
            None => {
                info!(?code, behind, "{code:?} behind event {behind}: gives up");
                State::Ended(Err(status))
            }
        };
        drop(mem::replace(&mut self.state, next));
    }
    // ANCHOR_END: accepted
}

fn silent() -> Status {
    Status::deadline_exceeded("the call has brought nothing for too long")
}
