//! The clients that meet the limits of tonic and of HTTP/2.

use std::time::Duration;

use futures::future::join_all;
use tracing::info;
use workbook::{Network, Outcome};

use super::calls::{log_live, open, say_hi, subscribe};

/// How long a call may take that has a limit.
const TIMEOUT: Duration = Duration::from_secs(1);
/// How long a client waits that has none.
const HOUR: Duration = Duration::from_secs(60 * 60);

// ANCHOR: ten
pub async fn ten(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=10).map(|number| open(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    log_live(&mut streams).await;
    Ok(())
}
// ANCHOR_END: ten

/// Ten at once, and then ten one after the other.
pub async fn ten_twice(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=10).map(|number| open(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    for number in 11..=20 {
        streams.extend(open(&channel, number).await);
    }
    log_live(&mut streams).await;
    Ok(())
}

pub async fn three(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let mut streams = Vec::new();
    for number in 1..=3 {
        streams.extend(open(&channel, number).await);
    }
    log_live(&mut streams).await;
    Ok(())
}

pub async fn three_hundred(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=300).map(|number| subscribe(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    log_live(&mut streams).await;
    Ok(())
}

// ANCHOR: silence
pub async fn silence(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let calls = (1..=100).map(|number| subscribe(&channel, number));
    let mut streams: Vec<_> = join_all(calls).await.into_iter().flatten().collect();
    log_live(&mut streams).await;

    info!("opens stream 101, and says hi beside it");
    let mut stream_101 = Box::pin(open(&channel, 101));
    let mut hi = Box::pin(say_hi(&channel, None));
    tokio::select! {
        biased;
        _ = &mut stream_101 => {}
        () = &mut hi => {}
        () = network.sleep(HOUR) => {
            info!(waited_s = HOUR.as_secs(), "an hour later neither has an answer");
        }
    }
    info!("says hi with a limit of {} s", TIMEOUT.as_secs());
    say_hi(&channel, Some(TIMEOUT)).await;
    info!(step = "drops", "drops two of the streams");
    streams.truncate(streams.len() - 2);
    let (_stream_101, ()) = futures::join!(stream_101, hi);
    Ok(())
}
// ANCHOR_END: silence
