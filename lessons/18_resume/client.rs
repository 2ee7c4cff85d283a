//! The clients of this lesson's scenes.

use std::time::Duration;

use tokio::time::sleep;
use tonic::transport::Endpoint;
use tonic::{Code, Status};
use tracing::info;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::proto::events::{Event, FollowRequest, GetSnapshotRequest};
use workbook::{Failure, Network, Outcome};

use super::account::Disk;
use super::attempts;
use super::backoff::Policy;
use super::follow::Follower;
use super::jitter::Jitter;
use super::received::Received;

/// A connection that does not answer a PING for so long is dead: asked every 10 s, 5 s of patience.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));
/// The seed of the scenes: the same pauses in every run.
const SEED: u64 = 18;

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

// ANCHOR: follower
/// A follower of the account's log, from that event on.
async fn follower(
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
    let open = move |from| -> super::follow::Opening<Event> {
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

// ANCHOR: gone
pub async fn away(network: Network, away: Duration) -> Outcome {
    let mut balance = 0;
    let mut events = follower(&network, 1, Jitter::new(SEED)).await?;
    let mut last = 0;
    while let Some(event) = events.next().await? {
        (last, balance) = (event.number, balance + event.amount);
        if last == 10 {
            break;
        }
    }
    drop(events);
    info!(last, "has {last} events, balance {balance}, and goes away");
    sleep(away).await;
    info!("is back, and asks from {}", last + 1);
    let mut events = follower(&network, last + 1, Jitter::new(SEED)).await?;
    loop {
        match events.next().await {
            Ok(Some(event)) => (last, balance) = (event.number, balance + event.amount),
            Ok(None) => break,
            Err(status) if status.code() == Code::OutOfRange => {
                log_failure("the position is gone", &status);
                // The state as it is now replaces what has been missed …
                let mut client = EventServiceClient::new(network.channel().await?);
                let snapshot = client.get_snapshot(GetSnapshotRequest {}).await?;
                let snapshot = snapshot.into_inner();
                let missed = snapshot.number - last;
                (last, balance) = (snapshot.number, snapshot.balance);
                info!(missed, "a snapshot: {last} events; {missed} were not seen");
                // … and the log goes on behind it.
                events = follower(&network, last + 1, Jitter::new(SEED)).await?;
            }
            Err(status) => return Err(status.into()),
        }
    }
    info!(end = last, balance, "has {last} events, balance {balance}");
    Ok(())
}
// ANCHOR_END: gone

/// How long a program lives: it dies while it works on its eighth event, which comes after 160 ms.
const LIFE: Duration = Duration::from_millis(167);

// ANCHOR: dies
/// A program that books events, dies, and is started again.
pub async fn dies(
    network: Network,
    works: impl AsyncFn(&mut Follower<Event>, &Disk) -> Result<(), Status>,
) -> Outcome {
    let disk = Disk::default();
    let mut events = follower(&network, 1, Jitter::new(SEED)).await?;
    let done = tokio::time::timeout(LIFE, works(&mut events, &disk)).await;
    drop(events);
    let noted = disk.stored().noted;
    let booked = disk.stored().account.last;
    if done.is_err() {
        info!(noted, booked, "dies: {booked} is booked, {noted} is noted");
    }
    info!("starts again, from {}", noted + 1);
    let mut events = follower(&network, noted + 1, Jitter::new(SEED)).await?;
    works(&mut events, &disk).await?;
    disk.stored().account.log();
    Ok(())
}
// ANCHOR_END: dies

fn log_failure(what: &str, status: &Status) {
    let code = status.code();
    info!(?code, "{what}: {code:?} {:?}", status.message());
}
