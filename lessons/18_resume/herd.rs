//! A hundred clients that lose the same server in the same instant.

use std::time::Duration;

use futures::future::join_all;
use tokio::time::{Instant, sleep};
use tonic::Status;
use tonic::transport::Channel;
use tracing::info;
use workbook::proto::events::FollowRequest;
use workbook::proto::events::event_service_client::EventServiceClient;
use workbook::{Network, Outcome};

use super::backoff::Policy;
use super::jitter::Jitter;

/// How many clients there are.
const CLIENTS: u64 = 100;
/// How long a slice of time is in which clients count as coming together.
const SLICE: Duration = Duration::from_millis(10);

/// How long to wait before the next attempt, when at most so long.
pub type Spread = fn(&mut Jitter, Duration) -> Duration;

// ANCHOR: spread
/// Wrong: every client waits for the same time, so all of them come back together.
pub fn without_jitter(_: &mut Jitter, limit: Duration) -> Duration {
    limit
}

/// Full jitter.
pub fn full_jitter(jitter: &mut Jitter, limit: Duration) -> Duration {
    jitter.up_to(limit)
}
// ANCHOR_END: spread

/// All clients follow until the server is gone, and then call until it answers again.
pub async fn follow(network: Network, spread: Spread) -> Outcome {
    let began = Instant::now();
    let mut clients = Vec::new();
    for seed in 0..CLIENTS {
        // Connects at its first call, and again at the first one after the connection is lost.
        let channel = network
            .endpoint("server")?
            .connect_with_connector_lazy(network.connector());
        clients.push(comes_back(channel, Jitter::new(seed), spread, began));
    }
    log(&join_all(clients).await);
    Ok(())
}

/// One client: when the server has answered it again, and how many calls it has made for that.
async fn comes_back(
    channel: Channel,
    mut jitter: Jitter,
    spread: Spread,
    began: Instant,
) -> (Duration, usize) {
    let mut client = EventServiceClient::new(channel);
    let Policy { first, cap, .. } = Policy::default();
    // Ends with the error that every client gets in the same instant.
    let _ = until_lost(&mut client).await;
    let (mut limit, mut calls) = (first, 0);
    loop {
        sleep(spread(&mut jitter, limit)).await;
        calls += 1;
        if client.follow(FollowRequest { from: 1 }).await.is_ok() {
            return (began.elapsed(), calls);
        }
        limit = (limit * 2).min(cap);
    }
}

async fn until_lost(client: &mut EventServiceClient<Channel>) -> Result<(), Status> {
    let mut events = client.follow(FollowRequest { from: 1 }).await?.into_inner();
    while events.message().await?.is_some() {}
    Ok(())
}

fn log(back: &[(Duration, usize)]) {
    let mut times: Vec<Duration> = back.iter().map(|(at, _)| *at).collect();
    times.sort_unstable();
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return;
    };
    let together = |from: &Duration| {
        let slice = times
            .iter()
            .filter(|at| (*from..*from + SLICE).contains(at));
        slice.count()
    };
    let most = times.iter().map(together).max().unwrap_or_default();
    let calls: usize = back.iter().map(|(_, calls)| calls).sum();
    let (first, last) = (first.as_millis(), last.as_millis());
    info!(
        first = u64::try_from(first).unwrap_or(u64::MAX),
        last = u64::try_from(last).unwrap_or(u64::MAX),
        "{} clients are back, from {first} to {last} ms",
        times.len()
    );
    info!(
        most,
        calls, "at most {most} of them in 10 ms; {calls} calls in all"
    );
    info!("a bar for every 100 ms: {}", bars(&times));
}

/// The arrivals as a line: a bar for every 100 ms from the first that has one to the last.
fn bars(times: &[Duration]) -> String {
    const BAR: u128 = 100;
    const HEIGHTS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let slot = |at: &Duration| at.as_millis() / BAR;
    let (Some(first), Some(last)) = (times.first(), times.last()) else {
        return String::new();
    };
    let counts: Vec<usize> = (slot(first)..=slot(last))
        .map(|bar| times.iter().filter(|at| slot(at) == bar).count())
        .collect();
    let highest = counts.iter().copied().max().unwrap_or(1).max(1);
    let height = |count: &usize| HEIGHTS[(count * 8).div_ceil(highest).min(8)];
    counts.iter().map(height).collect()
}
