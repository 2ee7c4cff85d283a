//! The clients of this lesson's scenes: downloads that nobody reads, beside a short call.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::Status;
use tonic::transport::Endpoint;
use tracing::info;
use workbook::wire::grouped;
use workbook::{Network, Outcome};

use super::broken::OneChannel;
use super::fixed::TwoChannels;

// ANCHOR: windows
/// A stream's window at the client, and the connection's: tonic's own values, said aloud.
const STREAM_WINDOW: u32 = 2 * 1024 * 1024;
const CONNECTION_WINDOW: u32 = 5 * 1024 * 1024;

fn windows(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
}
// ANCHOR_END: windows

/// As long as anybody waits for a greeting.
const PATIENCE: Duration = Duration::from_secs(10);

/// Time for a window to fill.
const A_MOMENT: Duration = Duration::from_millis(100);

/// More chunks than any window here holds.
const LONG_FILE: &str = "1000";

const NUMBERS: [&str; 3] = ["first", "second", "third"];

// ANCHOR: broken
pub async fn broken(network: Network) -> Outcome {
    let client = OneChannel::new(network.channel_with(windows).await?);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        sleep(A_MOMENT).await;
        info!("opens a {number} download, and does not read it");
        say_window(&network);
        say_greeting(timeout(PATIENCE, client.greet("Ada")).await);
    }
    Ok(())
}
// ANCHOR_END: broken

pub async fn dropped(network: Network) -> Outcome {
    let client = OneChannel::new(network.channel_with(windows).await?);
    let mut unread = Vec::new();
    for _ in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
    }
    sleep(A_MOMENT).await;
    info!("three downloads that nobody reads");
    say_window(&network);
    let greeting = client.greet("Ada");
    let freed = async {
        sleep(PATIENCE / 2).await;
        info!("drops one of them");
        unread.pop();
        std::future::pending().await
    };
    tokio::select! {
        biased;
        greeted = greeting => info!("got {:?}", greeted?),
        () = freed => {}
    }
    say_window(&network);
    Ok(())
}

// ANCHOR: fixed
pub async fn fixed(network: Network) -> Outcome {
    let bulk = network.channel_with(windows).await?;
    let calls = network.channel().await?;
    let client = TwoChannels::new(bulk, calls);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        info!("opens a {number} download, and does not read it");
    }
    sleep(A_MOMENT).await;
    say_greeting(timeout(PATIENCE, client.greet("Ada")).await);
    Ok(())
}
// ANCHOR_END: fixed

pub async fn wider(network: Network) -> Outcome {
    let room = |endpoint| windows(endpoint).initial_connection_window_size(8 * STREAM_WINDOW);
    let client = OneChannel::new(network.channel_with(room).await?);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        info!("opens a {number} download, and does not read it");
    }
    sleep(A_MOMENT).await;
    say_greeting(timeout(PATIENCE, client.greet("Ada")).await);
    Ok(())
}

fn say_greeting(greeting: Result<Result<String, Status>, tokio::time::error::Elapsed>) {
    match greeting {
        Ok(Ok(greeting)) => info!("got {greeting:?}"),
        Ok(Err(status)) => info!("{:?}: {}", status.code(), status.message()),
        Err(_) => info!("no greeting for {} s", PATIENCE.as_secs()),
    }
}

/// What only the lab can see: how much room is left in the connection's window.
fn say_window(network: &Network) {
    let room = network
        .in_lab()
        .and_then(|lab| lab.room_to_client().first().copied());
    if let Some(room) = room {
        let room = grouped(u64::try_from(room).unwrap_or(0));
        info!("room on the connection: {room} bytes");
    }
}
