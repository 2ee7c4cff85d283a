//! The exercise between planned servers and an inbox.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::{sleep, timeout};
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::grade::{AN_INSTANT, Finding, Verdict, ensure, seconds, sequence, within};
use workbook::lab::{CLIENT, Lab};
use workbook::proto::forum::forum_service_client::ForumServiceClient;
use workbook::proto::forum::{GetHistoryRequest, Heard};

use super::super::inbox::Inbox;
use super::Subject;
use super::room::{Call, Plan, Room, SERVERS};

/// Longer than any plan takes: 350 pauses of 2 s are less than twelve minutes.
const LONG: Duration = Duration::from_secs(15 * 60);

/// An inbox that lives longer than a follower.
#[derive(Default)]
pub struct Kept {
    state: Mutex<State>,
    /// How long it takes to hand a message over.
    takes: Duration,
}

#[derive(Default)]
struct State {
    handed: Vec<u64>,
    noted: u64,
    too_early: Option<u64>,
}

impl Kept {
    /// Everything up to this message was handed over and noted before.
    pub fn up_to(sequence: u64) -> Self {
        let kept = Self::default();
        let mut state = kept.lock();
        (state.handed, state.noted) = ((1..=sequence).collect(), sequence);
        drop(state);
        kept
    }

    /// It takes so long for each message.
    pub fn that_takes(takes: Duration) -> Self {
        Self {
            takes,
            ..Self::default()
        }
    }

    /// Expects every message up to this one, once and in order, each noted and none too early.
    pub fn has_all_to(&self, last: u64) -> Verdict {
        let state = self.lock();
        ensure(state.too_early.is_none(), || {
            let sequence = state.too_early.unwrap_or_default();
            format!("message {sequence} was noted and had not been handed over")
        })?;
        let all: Vec<u64> = (1..=last).collect();
        sequence(&state.handed, "message").is(&all)?;
        ensure(state.noted == last, || {
            format!(
                "{last} messages were handed over, and {} is noted",
                state.noted
            )
        })
    }

    /// Expects every message up to this one, however often.
    pub fn lacks_none_to(&self, last: u64) -> Verdict {
        let state = self.lock();
        let lost = (1..=last).find(|sequence| !state.handed.contains(sequence));
        ensure(lost.is_none(), || {
            let sequence = lost.unwrap_or_default();
            format!("message {sequence} was never handed over")
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing that holds the lock can leave the state half-changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inbox for Kept {
    fn position(&self) -> u64 {
        self.lock().noted
    }

    fn hand_over(&self, heard: Heard) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            if !self.takes.is_zero() {
                sleep(self.takes).await;
            }
            self.lock().handed.push(heard.sequence);
        })
    }

    fn note(&self, sequence: u64) {
        let mut state = self.lock();
        if state.handed.last() < Some(&sequence) {
            state.too_early.get_or_insert(sequence);
        }
        state.noted = sequence;
    }
}

/// Three servers with a plan, and a channel to each.
pub struct Stage {
    lab: Lab,
    room: Room,
    channels: Vec<Channel>,
    follow: Subject,
}

impl Stage {
    pub fn open(lab: &Lab, follow: Subject, plan: Plan) -> Result<Self, Finding> {
        let room = Room::open(lab, plan)?;
        let client = lab.host(CLIENT);
        let lazy = |server: &&str| -> Result<Channel, Finding> {
            let endpoint: Endpoint = client.endpoint(server)?;
            Ok(endpoint.connect_with_connector_lazy(client.connector()))
        };
        let channels = SERVERS.iter().map(lazy).collect::<Result<_, _>>()?;
        Ok(Self {
            lab: lab.clone(),
            room,
            channels,
            follow,
        })
    }

    fn clients(&self) -> Vec<ForumServiceClient<Channel>> {
        let channels = self.channels.iter().cloned();
        channels.map(ForumServiceClient::new).collect()
    }

    /// Follows to the end.
    pub async fn follows(&self, inbox: &Kept) -> Result<Result<(), Status>, Finding> {
        let followed = (self.follow)(self.clients(), inbox);
        let returned = within(LONG, "it has not returned", followed).await;
        returned.map_err(|finding| finding.hint("Which await in your code may wait for ever?"))
    }

    /// Follows for so long; then its future is dropped.
    pub async fn follows_for(&self, inbox: &Kept, time: Duration) -> Verdict {
        match timeout(time, (self.follow)(self.clients(), inbox)).await {
            Err(_) => Ok(()),
            Ok(Ok(())) => Err(Finding::seen("it returned Ok before the room was closed")),
            Ok(Err(status)) => Err(status.into()),
        }
    }

    /// Connects to every server, so that only calls are counted later.
    pub async fn connects(&self) -> Verdict {
        for mut client in self.clients() {
            let room = "lobby".to_owned();
            client
                .get_history(GetHistoryRequest { room, after: 0 })
                .await?;
        }
        self.lab.sleep(AN_INSTANT).await;
        Ok(())
    }

    /// All other servers are gone.
    pub fn only(&self, up: &str) {
        for server in SERVERS.into_iter().filter(|server| *server != up) {
            self.lab.crash(server);
        }
    }

    /// Which server each call asked, and behind which message.
    pub fn asked(&self) -> Vec<(&'static str, Option<u64>)> {
        let calls = self.room.calls();
        calls.iter().map(|call| (call.server, call.after)).collect()
    }

    /// Expects each call to have come when no older one was open.
    pub fn came_one_at_a_time(&self) -> Verdict {
        let early = self.room.calls().iter().position(|call| call.beside > 0);
        ensure(early.is_none(), || {
            let number = early.unwrap_or_default() + 1;
            format!("the old call was still open when call {number} came")
        })
    }

    /// How many calls are open.
    pub fn open_calls(&self) -> usize {
        self.room.open_calls()
    }

    /// Expects each call to have come at once behind the one before it.
    pub fn never_waited(&self) -> Verdict {
        for (index, pair) in self.room.calls().windows(2).enumerate() {
            let waited = pair[1].at - pair[0].at;
            ensure(waited <= AN_INSTANT, || {
                let (number, waited) = (index + 2, seconds(waited));
                format!(
                    "call {number} came {waited} after the one before it, which had brought a message"
                )
            })?;
        }
        Ok(())
    }

    /// Expects no more calls than there are servers between two pauses, from the second call on: the first has
    /// brought a message.
    pub fn asked_each_once_between_pauses(&self) -> Verdict {
        let calls = self.room.calls();
        let mut at_once = 1;
        for (index, pair) in calls.windows(2).enumerate().skip(1) {
            let waited = pair[1].at - pair[0].at;
            at_once = if waited > AN_INSTANT { 1 } else { at_once + 1 };
            ensure(at_once <= SERVERS.len(), || {
                let number = index + 2;
                format!(
                    "call {number} was the {at_once}th without a new message and without a pause"
                )
            })?;
        }
        Ok(())
    }

    /// Expects a pause behind each round of three calls, and none inside a round.
    pub fn waited_after_each_round(&self, least: Duration, most: Duration) -> Verdict {
        let calls: Vec<Call> = self.room.calls();
        for (index, pair) in calls.windows(2).enumerate() {
            let waited = pair[1].at - pair[0].at;
            let is_round = (index + 1) % SERVERS.len() == 0;
            let fits = match is_round {
                true => waited + AN_INSTANT >= least && waited <= most + AN_INSTANT,
                false => waited <= AN_INSTANT,
            };
            ensure(fits, || {
                let (number, waited) = (index + 2, seconds(waited));
                format!("call {number} came {waited} after the one before it")
            })?;
        }
        Ok(())
    }
}
