//! A client that connects again with pauses that grow: what the scene `backoff` tests.

use std::time::Duration;

use tokio::time::sleep;
use tracing::info;
use workbook::Network;

use super::asks::{Client, connected};

/// The first pause between two attempts, and the longest.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(16);

// ANCHOR: reconnect
/// Tries until it is connected. Without jitter, because a test of it compares times; a client of many has some.
pub async fn with_backoff(network: &Network) -> Client {
    let mut pause = FIRST;
    for attempt in 1.. {
        match connected(network).await {
            Ok(client) => {
                info!(connected = attempt, "attempt {attempt}: connected");
                return client;
            }
            Err(_) => {
                info!(
                    attempt,
                    pause_s = pause.as_secs(),
                    "attempt {attempt}: refused, waits for {pause:?}"
                );
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST);
            }
        }
    }
    unreachable!("the loop ends only when it returns")
}
// ANCHOR_END: reconnect
