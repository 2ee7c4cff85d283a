//! A client that is away while the log goes on.

use std::time::Duration;

use tokio::time::sleep;
use tonic::Code;
use tracing::info;
use workbook::proto::events::GetSnapshotRequest;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::{Network, Outcome};

use super::following::{SEED, follower};
use super::jitter::Jitter;

/// How many events the client has before it goes away.
const BEFORE: u64 = 10;

// ANCHOR: gone
pub async fn away(network: Network, away: Duration) -> Outcome {
    let mut balance: i64 = 0;
    let mut events = follower(&network, 1, Jitter::new(SEED)).await?;
    let mut last = 0;
    while let Some(event) = events.next().await? {
        (last, balance) = (event.number, balance.saturating_add(event.amount));
        if last == BEFORE {
            break;
        }
    }
    drop(events);
    info!(last, "has {last} events, balance {balance}, and goes away");
    sleep(away).await;
    let from = last.saturating_add(1);
    info!(from, "is back, and asks from {from}");
    let mut events = follower(&network, from, Jitter::new(SEED)).await?;
    loop {
        match events.next().await {
            Ok(Some(event)) => {
                (last, balance) = (event.number, balance.saturating_add(event.amount))
            }
            Ok(None) => break,
            Err(status) if status.code() == Code::OutOfRange => {
                info!(code = ?status.code(), "OutOfRange: {}", status.message());
                // The state as it is now replaces what has been missed …
                let mut client = EventServiceClient::new(network.channel().await?);
                let snapshot = client.get_snapshot(GetSnapshotRequest {}).await?;
                let snapshot = snapshot.into_inner();
                let missed = snapshot.number.saturating_sub(last);
                if missed == 0 {
                    // The position is not what is wrong: an event over the message limit has this code, too.
                    return Err(status.into());
                }
                (last, balance) = (snapshot.number, snapshot.balance);
                info!(missed, "a snapshot: {last} events; {missed} were not seen");
                // … and the log goes on behind it.
                events = follower(&network, last.saturating_add(1), Jitter::new(SEED)).await?;
            }
            Err(status) => return Err(status.into()),
        }
    }
    info!(end = last, balance, "has {last} events, balance {balance}");
    Ok(())
}
// ANCHOR_END: gone
