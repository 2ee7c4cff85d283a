//! What breaks in the scenes, and when.

use std::time::Duration;

use tokio::time::sleep;
use tracing::info;
use workbook::lab::Lab;
use workbook::{Failure, Network, Outcome};

fn lab(network: &Network) -> Result<&Lab, Failure> {
    let no_lab = || Failure::Other("only the lab can break a connection".to_owned());
    network.in_lab().ok_or_else(no_lab)
}

/// Cuts bob's connection.
pub async fn cuts(network: Network) -> Outcome {
    sleep(Duration::from_secs(1)).await;
    info!(step = "cut", "cuts the connection of bob");
    lab(&network)?.link("bob", "server").cut();
    Ok(())
}

/// No packet of bob's arrives for a while.
pub async fn black_hole(network: Network) -> Outcome {
    let link = lab(&network)?.link("bob", "server");
    sleep(Duration::from_millis(2_500)).await;
    info!(step = "lost", "every packet of bob is lost, for 40 s");
    link.partition();
    network.sleep(Duration::from_secs(40)).await;
    info!(step = "arrive", "packets arrive again");
    link.repair();
    Ok(())
}

/// The server crashes, and is back after two seconds.
pub async fn restarts(network: Network) -> Outcome {
    let lab = lab(&network)?;
    sleep(Duration::from_millis(2_500)).await;
    info!(step = "crash", "the server crashes");
    lab.crash("server");
    sleep(Duration::from_secs(2)).await;
    info!(step = "back", "the server is back, with its messages");
    let other = |error: std::io::Error| Failure::Other(error.to_string());
    lab.restart("server").map_err(other)
}
