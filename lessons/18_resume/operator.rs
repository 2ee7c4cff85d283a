//! What breaks in the scenes, and when: a host of its own, so that the client does not know of it.

use std::time::Duration;

use tokio::time::sleep;
use tracing::info;
use workbook::lab::Lab;
use workbook::{Failure, Network, Outcome};

/// No multiple of the 20 ms between two events: an event and a cut in one instant would be a race.
const CUT_EVERY: Duration = Duration::from_millis(170);
/// As many as the loops have calls.
const CUTS: u32 = 8;
/// How long the herd's server lives, and how long it is gone.
const OUTAGE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(2));

fn lab(network: &Network) -> Result<&Lab, Failure> {
    let no_lab = || Failure::Other("only the lab can break a connection".to_owned());
    network.in_lab().ok_or_else(no_lab)
}

/// Cuts the connection again and again.
pub async fn cuts(network: Network) -> Outcome {
    let link = lab(&network)?.link("client", "server");
    info!("cuts the connection every {} ms", CUT_EVERY.as_millis());
    for _ in 0..CUTS {
        sleep(CUT_EVERY).await;
        link.cut();
    }
    Ok(())
}

/// Restarts the server after three events.
pub async fn restarts(network: Network) -> Outcome {
    sleep(Duration::from_millis(70)).await;
    info!("restarts the server");
    lab(&network)?.bounce("server").map_err(other)
}

/// Takes the herd's server away, and brings it back.
pub async fn outage(network: Network) -> Outcome {
    let lab = lab(&network)?;
    let (lives, gone) = OUTAGE;
    sleep(lives).await;
    info!("the server crashes");
    lab.crash("server");
    sleep(gone).await;
    info!("the server is back");
    lab.restart("server").map_err(other)
}

/// Everything that can happen to a connection, one after the other.
pub async fn everything(network: Network) -> Outcome {
    let lab = lab(&network)?;
    let link = lab.link("client", "server");
    sleep(Duration::from_millis(1250)).await;
    info!("cuts the connection");
    link.cut();

    sleep(Duration::from_secs(2)).await;
    info!("the server crashes, and is back after a second");
    lab.crash("server");
    sleep(Duration::from_secs(1)).await;
    lab.restart("server").map_err(other)?;

    sleep(Duration::from_secs(4)).await;
    info!("every packet is lost, for 20 s");
    link.partition();
    sleep(Duration::from_secs(20)).await;
    info!("packets arrive again");
    link.repair();
    Ok(())
}

/// Takes the server away for good.
pub async fn crash(network: Network) -> Outcome {
    sleep(Duration::from_millis(70)).await;
    info!("the server crashes");
    lab(&network)?.crash("server");
    Ok(())
}

fn other(error: std::io::Error) -> Failure {
    Failure::Other(error.to_string())
}
