//! The exercise between a planned server and an inbox.

use std::time::Duration;

use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use workbook::grade::{Finding, Verdict, ended, within};
use workbook::lab::Lab;
use workbook::proto::events::FollowRequest;
use workbook::proto::events::event_service_client::EventServiceClient;

use super::super::jitter::Jitter;
use super::kept::Kept;
use super::ledger::Ledger;
use super::plan::{FOR_EVER, Plan};
use super::{SECOND, Subject};

/// Longer than any plan takes.
const LONG: Duration = Duration::from_secs(60 * 60);

/// A server with a plan, and a channel to it.
pub struct Stage {
    pub lab: Lab,
    pub ledger: Ledger,
    events: u64,
    channel: Channel,
    follow: Subject,
}

impl Stage {
    pub async fn open(lab: &Lab, follow: Subject, plan: Plan) -> Result<Self, Finding> {
        let events = plan.events;
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
            events,
            channel: lab.channel_with(keepalive).await?,
            follow,
        })
    }

    /// Follows to the end.
    pub async fn follows(&self, inbox: &Kept) -> Result<Result<(), Status>, Finding> {
        self.follows_as(inbox, 1).await
    }

    /// Follows with an inbox that has nothing, and expects it to have every event of the plan in the end.
    pub async fn brings_all(&self) -> Verdict {
        let inbox = Kept::default();
        ended(&self.follows(&inbox).await?).well()?;
        inbox.has_all_to(self.events)
    }

    /// The same as [`Self::follows`], with pauses of another seed.
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
