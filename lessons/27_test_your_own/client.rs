//! The tests, as the clients of this lesson's scenes.

use std::time::Duration;

use tracing::info;
use workbook::lab::{CLIENT, Lab, SERVER};
use workbook::{Failure, Network, Outcome};

use super::asks::{ask, connected, report};
use super::fixed::{Gone, answers_each_point, leaves_nothing, leaves_nothing_of};
use super::{broken, reconnect};

/// How long the server is watched after the test that passes.
const AFTERWARDS: Duration = Duration::from_secs(600);

/// A host of this lesson that is a test needs the lab's faults and its meter.
fn lab(network: &Network) -> Result<&Lab, Failure> {
    let lab = network.in_lab();
    lab.ok_or_else(|| Failure::Other("this scene plays in the lab only".to_owned()))
}

pub async fn passes(network: Network) -> Outcome {
    let lab = lab(&network)?;
    let mut client = connected(&network).await?;
    let result = broken::ends_with_its_client(lab, &mut client).await;
    report("ends_with_its_client", &result);
    network.sleep(AFTERWARDS).await;
    info!(
        afterwards_s = AFTERWARDS.as_secs(),
        "the test has been over for ten minutes"
    );
    Ok(())
}

pub async fn meter(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let result = leaves_nothing(lab(&network)?, &mut client).await;
    report("leaves_nothing", &result);
    Ok(())
}

pub async fn stall(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let result = answers_each_point(lab(&network)?, &mut client).await;
    report("answers_each_point", &result);
    Ok(())
}

/// How many points a client has read before it goes away.
const READ_BEFORE: [usize; 4] = [0, 1, 2, 5];

// ANCHOR: everywhere
pub async fn everywhere(network: Network) -> Outcome {
    let lab = lab(&network)?;
    for gone in [Gone::Drops, Gone::IsCut, Gone::Vanishes] {
        let mut passes = 0;
        for read_before in READ_BEFORE {
            let client = connected(&network).await?;
            match leaves_nothing_of(lab, client, gone, read_before).await {
                Ok(()) => passes += 1,
                result => report("leaves_nothing_of", &result),
            }
        }
        let of = READ_BEFORE.len();
        info!(gone = ?gone, passes, of, "{gone:?}: passes at {passes} of {of} points");
    }
    Ok(())
}
// ANCHOR_END: everywhere

/// How long the server's address refuses connections.
const OUTAGE: Duration = Duration::from_secs(50);

// ANCHOR: backoff
pub async fn backoff(network: Network) -> Outcome {
    let link = lab(&network)?.link(CLIENT, SERVER);
    link.refuse();
    let outage = async {
        network.sleep(OUTAGE).await;
        info!(step = "repaired", "the link is repaired");
        link.repair();
    };
    let (mut client, ()) = tokio::join!(biased; reconnect::with_backoff(&network), outage);
    let point = client
        .list(ask("one", 1))
        .await?
        .into_inner()
        .message()
        .await?;
    info!(got = point.is_some(), "a point has come");
    Ok(())
}
// ANCHOR_END: backoff

pub async fn reads(network: Network) -> Outcome {
    let mut client = connected(&network).await?;
    let mut points = client.list(ask("three", 3)).await?.into_inner();
    while let Some(point) = points.message().await? {
        let number = point.pt.map_or(0, |point| point.value);
        info!(number, "got {number}");
    }
    info!(step = "end", "the end");
    Ok(())
}
