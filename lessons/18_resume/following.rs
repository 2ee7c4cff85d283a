//! How this lesson's clients get a follower: a channel that notices a dead connection, and a call.

use std::time::Duration;

use tonic::transport::Endpoint;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest};
use workbook::{Failure, Network};

use super::backoff::Policy;
use super::follow::{Follower, Opening};
use super::jitter::Jitter;

/// A connection that does not answer a PING for so long is dead: asked every 10 s, 5 s of patience.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));
/// The seed of the scenes: the same pauses in every run.
pub const SEED: u64 = 18;

// ANCHOR: follower
/// A follower of the account's log, from that event on.
pub async fn follower(
    network: &Network,
    from: u64,
    jitter: Jitter,
) -> Result<Follower<Event>, Failure> {
    let (interval, patience) = KEEPALIVE;
    let keepalive = |endpoint: Endpoint| {
        endpoint
            .http2_keep_alive_interval(interval)
            .keep_alive_timeout(patience)
    };
    let client = EventServiceClient::new(network.channel_with(keepalive).await?);
    let open = move |from| -> Opening<Event> {
        let mut client = client.clone();
        Box::pin(async move {
            let events = client.follow(FollowRequest { from }).await?;
            Ok(events.into_inner())
        })
    };
    let number = |event: &Event| event.number;
    Ok(Follower::new(from, open, number, Policy::default(), jitter))
}
// ANCHOR_END: follower
