//! The members of this lesson's scenes.

use std::time::Duration;

use futures::future::{join, pending};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tonic::transport::Endpoint;
use tracing::info;
use workbook::{Network, Outcome};

use super::jitter::Jitter;
use super::session::Session;
use super::{heard, raw};

/// From one of ada's messages to the next, where a member joins between two of them …
const QUICK: Duration = Duration::from_millis(1);
/// … how many there are, and when bob joins: not in the instant of a message.
const MANY: u32 = 40;
const JOINS: Duration = Duration::from_micros(20_500);
/// The same where a member does not read.
const STEADY: Duration = Duration::from_millis(250);
/// The window of a member that does not read, in bytes: a few messages.
const WINDOW: u32 = 100;
/// For so long it does not.
const AWAY: Duration = Duration::from_secs(60);
/// A dead connection is found after this, and this much patience.
const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));
/// Messages that a member has typed and the client has not taken.
const TYPED: usize = 8;
/// For the pauses of the scenes' clients: the same in every run.
const SEED: u64 = 23;
/// Until the last frames have arrived.
const A_MOMENT: Duration = Duration::from_millis(10);

/// Says many messages, one a millisecond, and leaves.
pub async fn talks(network: Network) -> Outcome {
    says_all(network, QUICK).await
}

/// The same at the pace of people.
pub async fn talks_steadily(network: Network) -> Outcome {
    says_all(network, STEADY).await
}

async fn says_all(network: Network, every: Duration) -> Outcome {
    let (says, room) = raw::join(network.channel().await?, "ada", None).await?;
    let talks = async {
        for number in 1..=MANY {
            sleep(every).await;
            says.say(number.to_string()).await;
        }
        sleep(A_MOMENT).await;
        drop(says);
    };
    let (_, ended) = join(talks, heard::runs(room)).await;
    Ok(ended?)
}

/// Joins while ada talks.
pub async fn joins_meanwhile(network: Network) -> Outcome {
    sleep(JOINS).await;
    reads_for("bob", network, Duration::from_millis(100)).await
}

/// Reads for a while, and leaves.
pub async fn reads(network: Network) -> Outcome {
    let (says, room) = raw::join(network.channel().await?, "bob", None).await?;
    let stays = async {
        for _ in 0..6 {
            network.sleep(AWAY / 6).await;
            says.beat().await;
        }
        sleep(A_MOMENT).await;
        drop(says);
    };
    let (_, ended) = join(stays, heard::runs(room)).await;
    Ok(ended?)
}

async fn reads_for(name: &str, network: Network, stays: Duration) -> Outcome {
    let (says, room) = raw::join(network.channel().await?, name, None).await?;
    let leaves = async {
        network.sleep(stays).await;
        drop(says);
    };
    let (_, ended) = join(leaves, heard::runs(room)).await;
    Ok(ended?)
}

/// Does not read for a minute.
pub async fn slow(network: Network) -> Outcome {
    let narrow = |endpoint: Endpoint| endpoint.initial_stream_window_size(WINDOW);
    let (says, room) = raw::join(network.channel_with(narrow).await?, "slow", None).await?;
    network.sleep(AWAY).await;
    info!(step = "reads", "reads");
    let leaves = async {
        sleep(A_MOMENT).await;
        drop(says);
    };
    // How the stay ends is what the scene shows.
    let _ = join(leaves, heard::runs(room)).await;
    Ok(())
}

/// Is cut off: the operator cuts this connection.
pub async fn is_cut(network: Network) -> Outcome {
    // The cut is what the scene is about.
    let _ = reads_for("bob", network, AWAY).await;
    Ok(())
}

/// Looks a minute later who is there.
pub async fn looks(network: Network) -> Outcome {
    network.sleep(AWAY).await;
    reads_for("carol", network, A_MOMENT).await
}

/// Stays long after the token has expired.
pub async fn overstays(network: Network) -> Outcome {
    let (says, room) = raw::join(network.channel().await?, "bob", None).await?;
    let talks = async {
        network.sleep(AWAY / 2).await;
        info!(step = "says", "says something, with a token that expired");
        says.say("still here").await;
        sleep(A_MOMENT).await;
        drop(says);
    };
    let (_, ended) = join(talks, heard::runs(room)).await;
    Ok(ended?)
}

/// What a member says, and when; the last time is when it leaves.
type Lines = &'static [(u64, &'static str)];

/// A member with the client that a person uses.
pub async fn member(network: Network, name: &str, lines: Lines, until: u64) -> Outcome {
    session(network, name, lines, until, true).await
}

/// The same, who comes so many ms later.
pub async fn later(network: Network, wait: u64, name: &str, lines: Lines, until: u64) -> Outcome {
    network.sleep(Duration::from_millis(wait)).await;
    member(network, name, lines, until).await
}

/// The same, with a token that is not renewed.
pub async fn without_renewal(network: Network, name: &str, lines: Lines, until: u64) -> Outcome {
    session(network, name, lines, until, false).await
}

async fn session(network: Network, name: &str, lines: Lines, until: u64, renews: bool) -> Outcome {
    let keepalive = |endpoint: Endpoint| {
        endpoint
            .http2_keep_alive_interval(KEEPALIVE.0)
            .keep_alive_timeout(KEEPALIVE.1)
    };
    let channel = network.channel_with(keepalive).await?;
    // Another one for each host, as at work.
    let seed = SEED + network.host().as_str().len() as u64;
    let mut session = Session::new(channel, "lobby", name, Jitter::new(Some(seed)), renews);
    let (typed, mut says) = mpsc::channel(TYPED);
    let types = async move {
        let mut now = 0;
        for (at, text) in lines.iter().copied().chain([(until, "")]) {
            network.sleep(Duration::from_millis(at - now)).await;
            now = at;
            if !text.is_empty() {
                info!(types = text, "types {text:?}");
                // Fails when the session has ended, which it tells itself.
                let _ = typed.send(text.to_owned()).await;
            }
        }
        drop(typed);
        pending().await
    };
    let ended = tokio::select! {
        biased;
        ended = session.stay(&mut says, heard::log) => ended,
        () = types => return Ok(()),
    };
    match ended {
        Ok(()) => info!(step = "left", "has left"),
        Err(status) => {
            let code = status.code();
            info!(?code, "{code:?}: {}", status.message());
        }
    }
    Ok(())
}

/// Tries the limits of the room.
pub async fn tries(network: Network) -> Outcome {
    let channel = network.channel().await?;
    let (says, mut room) = raw::join(channel.clone(), "ada", None).await?;
    says.say("x".repeat(501)).await;
    for number in 1..=6 {
        says.say(number.to_string()).await;
    }
    let reads = async {
        while let Some(event) = room.message().await? {
            heard::event(event);
        }
        Ok(())
    };
    // By then the room has answered all of it.
    if let Ok(ended) = timeout(Duration::from_secs(2), reads).await {
        return ended;
    }
    let (_bob, mut room) = raw::join(channel.clone(), "bob", None).await?;
    if let Some(event) = room.message().await? {
        heard::event(event);
    }
    let (_carol, mut refused) = raw::join(channel.clone(), "carol", None).await?;
    if let Err(status) = refused.message().await {
        heard::status(&status);
    }
    Ok(())
}

/// Reads until the room says that it ends.
pub async fn until_told(network: Network, name: &'static str) -> Outcome {
    let (_says, room) = raw::join(network.channel().await?, name, None).await?;
    // The status is what the scene shows.
    let _ = heard::runs(room).await;
    Ok(())
}
