//! What breaks in the scenes, and when: a host of its own, so that the client does not know of it.

use std::io;
use std::time::Duration;

use tokio::time::sleep;
use tracing::info;
use workbook::lab::Lab;
use workbook::{Failure, Network, Outcome};

use super::memory::Memory;
use super::note::Note;
use super::stores::keep;

/// In the middle of a file, between two arrivals.
const MIDDLE: Duration = Duration::from_millis(260);

fn lab(network: &Network) -> Result<&Lab, Failure> {
    let no_lab = || Failure::Other("only the lab can break a connection".to_owned());
    network.in_lab().ok_or_else(no_lab)
}

/// Cuts the connection once.
pub async fn cuts(network: Network) -> Outcome {
    sleep(MIDDLE).await;
    info!("cuts the connection");
    lab(&network)?.link("client", "server").cut();
    Ok(())
}

/// The same, and the server's file is replaced.
pub async fn replaces(network: Network, disk: Memory) -> Outcome {
    cuts(network).await?;
    sleep(MIDDLE).await;
    info!("another file takes the name");
    keep(&disk, &Note::edition(20, 9))
}

/// Loses every packet for three seconds.
pub async fn loses_packets(network: Network) -> Outcome {
    sleep(MIDDLE).await;
    loses_for(&network, Duration::from_secs(3)).await
}

/// Everything that can happen on the way.
pub async fn everything(network: Network) -> Outcome {
    cuts(network.clone()).await?;
    sleep(Duration::from_secs(1) + MIDDLE).await;
    info!("the server crashes, and is back after 500 ms");
    lab(&network)?.crash("server");
    sleep(Duration::from_millis(500)).await;
    lab(&network)?.restart("server").map_err(other)?;
    sleep(Duration::from_millis(500) + MIDDLE).await;
    loses_for(&network, Duration::from_secs(20)).await
}

async fn loses_for(network: &Network, time: Duration) -> Outcome {
    let seconds = time.as_secs();
    info!("every packet is lost, for {seconds} s");
    let link = lab(network)?.link("client", "server");
    link.partition();
    sleep(time).await;
    info!("packets arrive again");
    link.repair();
    Ok(())
}

fn other(error: io::Error) -> Failure {
    Failure::Other(error.to_string())
}
