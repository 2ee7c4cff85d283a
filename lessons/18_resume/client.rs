//! The clients of this lesson's scenes.

use tonic::{Code, Status};
use tracing::info;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest, GetSnapshotRequest};
use workbook::{Network, Outcome};

use super::attempts;
use super::follow::Follower;
use super::following::{SEED, follower};
use super::jitter::Jitter;
use super::received::Received;

// ANCHOR: restarted
pub async fn restarted(network: Network) -> Outcome {
    let mut client = EventServiceClient::new(network.channel().await?);
    let from = FollowRequest { from: 1 };
    let mut events = client.follow(from).await?.into_inner();
    loop {
        match events.message().await {
            Ok(Some(event)) => info!(got = event.number, "got {}", event.number),
            Ok(None) => return Ok(()),
            Err(status) => break log_failure("the stream", &status),
        }
    }
    // The channel connects again by itself …
    let snapshot = client.get_snapshot(GetSnapshotRequest {}).await?;
    let number = snapshot.into_inner().number;
    info!(snapshot = number, "a unary call: OK, {number} events");
    // … and the stream does not.
    for _ in 0..3 {
        match events.message().await {
            Ok(event) => info!(more = event.is_some(), "the stream again: {event:?}"),
            Err(status) => log_failure("the stream again", &status),
        }
    }
    Ok(())
}
// ANCHOR_END: restarted

/// A loop that calls again from that position.
pub async fn attempts(
    network: Network,
    position: fn(&Received) -> u64,
    is_worth_a_retry: fn(Code) -> bool,
) -> Outcome {
    let client = EventServiceClient::new(network.channel().await?);
    attempts::follow(client, position, is_worth_a_retry).await;
    Ok(())
}

/// Follows the whole log.
pub async fn whole(network: Network) -> Outcome {
    read(follower(&network, 1, Jitter::new(SEED)).await?).await
}

/// Follows what any server has, from its oldest event on.
pub async fn whole_of_any(network: Network) -> Outcome {
    read(follower(&network, 4, Jitter::random()).await?).await
}

async fn read(mut events: Follower<Event>) -> Outcome {
    let mut received = Received::default();
    let end = loop {
        match events.next().await {
            Ok(Some(event)) => received.add(&event),
            Ok(None) => break Ok(()),
            Err(status) => break Err(status),
        }
    };
    received.log();
    let calls = events.calls();
    match end {
        Ok(()) => info!(calls, "the end: OK; calls: {calls}"),
        Err(status) => {
            let code = status.code();
            info!(calls, end = ?code, "the end: {code:?}; calls: {calls}");
        }
    }
    Ok(())
}

fn log_failure(what: &str, status: &Status) {
    let code = status.code();
    info!(?code, "{what}: {code:?} {:?}", status.message());
}
