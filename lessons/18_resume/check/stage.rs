//! The exercise between a planned server and an inbox.

use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::sleep;
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::grade::{Finding, Verdict, ensure, sequence, within};
use workbook::lab::Lab;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest};

use super::super::inbox::Inbox;
use super::super::jitter::Jitter;
use super::ledger::{Ledger, lock};
use super::plan::{FOR_EVER, Plan};
use super::{SECOND, Subject};

/// Longer than any plan takes.
const LONG: Duration = Duration::from_secs(60 * 60);

/// An inbox that lives longer than a follower.
#[derive(Default)]
pub struct Kept {
    state: Mutex<State>,
    /// How long it takes to hand an event over.
    takes: Duration,
}

#[derive(Default)]
struct State {
    handed: Vec<u64>,
    noted: u64,
    too_early: Option<u64>,
}

impl Kept {
    /// Everything up to this event was handed over and noted before.
    pub fn up_to(number: u64) -> Self {
        let kept = Self::default();
        let mut state = lock(&kept.state);
        (state.handed, state.noted) = ((1..=number).collect(), number);
        drop(state);
        kept
    }

    /// It takes so long for each event.
    pub fn that_takes(takes: Duration) -> Self {
        Self {
            takes,
            ..Self::default()
        }
    }

    /// Expects every event up to this one, once and in order, each noted and none too early.
    pub fn has_all_to(&self, last: u64) -> Verdict {
        self.was_noted_in_time()?;
        let state = lock(&self.state);
        let all: Vec<u64> = (1..=last).collect();
        sequence(&state.handed, "event").is(&all)?;
        ensure(state.noted == last, || {
            format!(
                "{last} events were handed over, and {} is noted",
                state.noted
            )
        })
    }

    /// Expects no event to be noted that was not handed over.
    pub fn was_noted_in_time(&self) -> Verdict {
        let too_early = lock(&self.state).too_early;
        ensure(too_early.is_none(), || {
            let number = too_early.unwrap_or_default();
            format!("event {number} was noted and had not been handed over")
        })
    }
}

impl Inbox for Kept {
    fn position(&self) -> u64 {
        lock(&self.state).noted
    }

    fn hand_over(&self, event: Event) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if !self.takes.is_zero() {
                sleep(self.takes).await;
            }
            lock(&self.state).handed.push(event.number);
        })
    }

    fn note(&self, number: u64) {
        let mut state = lock(&self.state);
        if state.handed.last() < Some(&number) {
            state.too_early.get_or_insert(number);
        }
        state.noted = number;
    }
}

/// A server with a plan, and a channel to it.
pub struct Stage {
    pub lab: Lab,
    pub ledger: Ledger,
    channel: Channel,
    follow: Subject,
}

impl Stage {
    pub async fn open(lab: &Lab, follow: Subject, plan: Plan) -> Result<Self, Finding> {
        let ledger = Ledger::new(lab, plan);
        ledger.start()?;
        let keepalive = |endpoint: Endpoint| {
            endpoint
                .http2_keep_alive_interval(SECOND * 10)
                .keep_alive_timeout(SECOND * 5)
                .keep_alive_while_idle(true)
        };
        Ok(Self {
            lab: lab.clone(),
            ledger,
            channel: lab.channel_with(keepalive).await?,
            follow,
        })
    }

    /// Follows to the end.
    pub async fn follows(&self, inbox: &Kept) -> Result<Result<(), Status>, Finding> {
        self.follows_as(inbox, 1).await
    }

    /// The same, with pauses of another seed.
    pub async fn follows_as(&self, inbox: &Kept, seed: u64) -> Result<Result<(), Status>, Finding> {
        let followed = (self.follow)(self.client(), inbox, Jitter::new(seed));
        let returned = within(LONG, "it has not returned", followed).await;
        returned.map_err(|finding| finding.hint("Which await in your code may wait for ever?"))
    }

    /// Follows for so long; then its future is dropped.
    pub async fn follows_for(&self, inbox: &Kept, time: Duration) -> Verdict {
        let followed = (self.follow)(self.client(), inbox, Jitter::new(1));
        match tokio::time::timeout(time, followed).await {
            Err(_) => Ok(()),
            Ok(Ok(())) => Err(Finding::seen("it returned Ok before the log had ended")),
            Ok(Err(status)) => Err(status.into()),
        }
    }

    /// Another call on the same channel, which stays open.
    pub async fn bystander(&self) -> Result<impl Sized + use<>, Finding> {
        let from = FollowRequest { from: FOR_EVER };
        Ok(self.client().follow(from).await?)
    }

    /// From where each call asked.
    pub fn asked_from(&self) -> Vec<u64> {
        let calls = self.ledger.calls();
        calls.into_iter().map(|call| call.from).collect()
    }

    /// Expects each call to have come when no older one was open.
    pub fn came_one_at_a_time(&self) -> Verdict {
        let calls = self.ledger.calls();
        let early = calls.iter().position(|call| call.beside > 0);
        early.map_or(Ok(()), |call| {
            let number = call + 1;
            let seen = format!("the old call was still open when call {number} came");
            Err(Finding::seen(seen)
                .hint("When is the old call's `Streaming` dropped: before the new call begins?"))
        })
    }

    /// How long after the call before it each call came.
    pub fn pauses(&self) -> Vec<Duration> {
        let calls = self.ledger.calls();
        let pairs = calls.windows(2);
        pairs.map(|pair| pair[1].at - pair[0].at).collect()
    }

    fn client(&self) -> EventServiceClient<Channel> {
        EventServiceClient::new(self.channel.clone())
    }
}
