//! What breaks in the scenes, and when: a host of its own, so that the members do not know of it.

use std::io;
use std::time::Duration;

use tokio::time::sleep;
use tracing::info;
use workbook::lab::Lab;
use workbook::{Failure, Network, Outcome};

use super::lab_broker::BROKER;

/// Between a member and a server, one way. A move takes a few times that, and messages come meanwhile.
pub const LATENCY: Duration = Duration::from_millis(10);
/// How often a server is killed.
pub const KILLS: u32 = 20;
/// From the start to the first kill. With the other times it keeps kills out of the instants in which
/// messages are said or arrive.
const FIRST: Duration = Duration::from_millis(197);
const EVERY: Duration = Duration::from_millis(190);
/// How long a killed server is gone.
const GONE: Duration = Duration::from_millis(61);
/// The broker's outage: when, and for how long.
const OUTAGE: (Duration, Duration) = (Duration::from_millis(1007), Duration::from_secs(2));

fn lab(network: &Network) -> Result<&Lab, Failure> {
    let no_lab = || Failure::Other("only the lab can kill a server at a given time".to_owned());
    network.in_lab().ok_or_else(no_lab)
}

fn other(error: io::Error) -> Failure {
    Failure::Other(error.to_string())
}

/// Gives the members' links their latency.
fn far(lab: &Lab, members: &[&str]) {
    for member in members {
        for server in ["a", "b"] {
            lab.link(member, server).set_latency(LATENCY);
        }
    }
}

// ANCHOR: kills
/// Kills the server at which the member listens, again and again.
pub async fn kills(network: Network) -> Outcome {
    let lab = lab(&network)?;
    far(lab, &["ada"]);
    info!("kills a server {KILLS} times");
    sleep(FIRST).await;
    for kill in 0..KILLS {
        let server = if kill % 2 == 0 { "a" } else { "b" };
        lab.crash(server);
        sleep(GONE).await;
        lab.restart(server).map_err(other)?;
        sleep(EVERY - GONE).await;
    }
    Ok(())
}
// ANCHOR_END: kills

/// Kills the broker, and starts it again with what it has kept.
pub async fn outage(network: Network) -> Outcome {
    let lab = lab(&network)?;
    far(lab, &["ada", "bob"]);
    let (after, time) = OUTAGE;
    sleep(after).await;
    info!("kills the broker, which is back after {} s", time.as_secs());
    lab.crash(BROKER);
    sleep(time).await;
    lab.restart(BROKER).map_err(other)
}

/// Kills a server when the broker has a message, and before its speaker has the answer.
pub async fn loses_an_answer(network: Network) -> Outcome {
    let lab = lab(&network)?;
    far(lab, &["bob"]);
    // The connection and the request take three times the latency, and the answer once more.
    sleep(LATENCY * 7 / 2).await;
    info!("kills a");
    lab.crash("a");
    Ok(())
}

/// Gives the members' links a latency, and nothing breaks.
pub async fn is_far(network: Network) -> Outcome {
    far(lab(&network)?, &["ada", "bob", "listeners"]);
    Ok(())
}

/// Starts the second server ten seconds after the first one.
pub async fn starts_late(network: Network) -> Outcome {
    let lab = lab(&network)?;
    lab.crash("b");
    sleep(Duration::from_secs(10)).await;
    info!("b starts");
    lab.restart("b").map_err(other)
}
