//! Wrong: the minute of silence includes the time that the inbox takes.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::transport::Channel;
use tonic::{Code, Status, Streaming};
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest};

use super::inbox::Inbox;
use super::jitter::Jitter;

/// The longest wait before the first retry; it doubles with each further one.
const FIRST: Duration = Duration::from_millis(100);
/// The longest wait of all.
const CAP: Duration = Duration::from_millis(1600);
/// How many retries in a row may bring nothing new.
const MOST_RETRIES: u32 = 10;
/// How long a call may bring nothing at all.
const IDLE: Duration = Duration::from_secs(60);

/// Follows the log until it ends.
pub async fn follow(
    client: EventServiceClient<Channel>,
    inbox: &dyn Inbox,
    mut jitter: Jitter,
) -> Result<(), Status> {
    let mut follower = Follower {
        client,
        inbox,
        retries: 0,
    };
    loop {
        // When this returns, its call has been dropped.
        let Err(status) = follower.one_call().await else {
            return Ok(());
        };
        if !is_worth_a_retry(status.code()) || follower.retries == MOST_RETRIES {
            return Err(status);
        }
        let limit = FIRST * 2_u32.pow(follower.retries);
        follower.retries += 1;
        sleep(jitter.up_to(limit.min(CAP))).await;
    }
}

struct Follower<'a> {
    client: EventServiceClient<Channel>,
    inbox: &'a dyn Inbox,
    /// Retries since the last new event.
    retries: u32,
}

impl Follower<'_> {
    /// Calls once, and returns how the call ended.
    async fn one_call(&mut self) -> Result<(), Status> {
        let from = self.inbox.position() + 1;
        let answer = in_time(self.client.follow(FollowRequest { from })).await?;
        let mut events = answer.into_inner();
        while in_time(self.takes(&mut events)).await? {}
        Ok(())
    }

    /// Takes a message, and says whether there was one.
    async fn takes(&mut self, events: &mut Streaming<Event>) -> Result<bool, Status> {
        let Some(event) = events.message().await? else {
            return Ok(false);
        };
        let number = event.number;
        let next = self.inbox.position() + 1;
        if number > next {
            let missing = format!("event {next} is missing: {number} came");
            return Err(Status::data_loss(missing));
        }
        if number == next {
            self.retries = 0;
            self.inbox.hand_over(event).await;
            self.inbox.note(number);
        }
        Ok(true)
    }
}

/// What comes, if it comes before the call has been silent for too long.
async fn in_time<T>(comes: impl Future<Output = Result<T, Status>>) -> Result<T, Status> {
    match timeout(IDLE, comes).await {
        Ok(came) => came,
        Err(_) => Err(Status::deadline_exceeded("nothing came for a minute")),
    }
}

fn is_worth_a_retry(code: Code) -> bool {
    matches!(
        code,
        Code::Unknown
            | Code::Cancelled
            | Code::Internal
            | Code::DeadlineExceeded
            | Code::Unavailable
            | Code::ResourceExhausted
            | Code::Aborted
    )
}
