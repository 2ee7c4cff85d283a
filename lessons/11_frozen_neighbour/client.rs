//! The clients of this lesson's scenes: downloads that nobody reads, beside a short call.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tonic::Status;
use tonic::transport::Endpoint;
use tracing::info;
use workbook::wire::grouped;
use workbook::{CLIENT, Outcome, Stage};

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
pub async fn broken(stage: Stage) -> Outcome {
    let client = OneChannel::new(stage.channel_with(windows).await?);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        sleep(A_MOMENT).await;
        info!(target: CLIENT, "opens a {number} download, and does not read it");
        say_window(&stage);
        say_greeting(timeout(PATIENCE, client.greet("Ada")).await);
    }
    Ok(())
}
// ANCHOR_END: broken

pub async fn dropped(stage: Stage) -> Outcome {
    let client = OneChannel::new(stage.channel_with(windows).await?);
    let mut unread = Vec::new();
    for _ in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
    }
    sleep(A_MOMENT).await;
    info!(target: CLIENT, "three downloads that nobody reads");
    say_window(&stage);
    let greeting = client.greet("Ada");
    let freed = async {
        sleep(PATIENCE / 2).await;
        info!(target: CLIENT, "drops one of them");
        unread.pop();
        std::future::pending().await
    };
    tokio::select! {
        biased;
        greeted = greeting => info!(target: CLIENT, "got {:?}", greeted?),
        () = freed => {}
    }
    say_window(&stage);
    Ok(())
}

// ANCHOR: fixed
pub async fn fixed(stage: Stage) -> Outcome {
    let bulk = stage.channel_with(windows).await?;
    let calls = stage.channel().await?;
    let client = TwoChannels::new(bulk, calls);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        info!(target: CLIENT, "opens a {number} download, and does not read it");
    }
    sleep(A_MOMENT).await;
    say_greeting(timeout(PATIENCE, client.greet("Ada")).await);
    Ok(())
}
// ANCHOR_END: fixed

pub async fn wider(stage: Stage) -> Outcome {
    let room = |endpoint| windows(endpoint).initial_connection_window_size(8 * STREAM_WINDOW);
    let client = OneChannel::new(stage.channel_with(room).await?);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        info!(target: CLIENT, "opens a {number} download, and does not read it");
    }
    sleep(A_MOMENT).await;
    say_greeting(timeout(PATIENCE, client.greet("Ada")).await);
    Ok(())
}

fn say_greeting(greeting: Result<Result<String, Status>, tokio::time::error::Elapsed>) {
    match greeting {
        Ok(Ok(greeting)) => info!(target: CLIENT, "got {greeting:?}"),
        Ok(Err(status)) => info!(target: CLIENT, "{:?}: {}", status.code(), status.message()),
        Err(_) => info!(target: CLIENT, "no greeting for {} s", PATIENCE.as_secs()),
    }
}

/// What only the lab can see: how much room is left in the connection's window.
fn say_window(stage: &Stage) {
    let room = stage
        .in_lab()
        .and_then(|lab| lab.room_to_client().first().copied());
    if let Some(room) = room {
        let room = grouped(u64::try_from(room).unwrap_or(0));
        info!(target: CLIENT, "room on the connection: {room} bytes");
    }
}
