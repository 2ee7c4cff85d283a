//! The clients of this lesson's scenes: unread downloads, beside a short call.

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
/// A stream's window at the client, and the connection's. Both are tonic's defaults, set explicitly.
const STREAM_WINDOW: u32 = 2 * 1024 * 1024;
const CONNECTION_WINDOW: u32 = 5 * 1024 * 1024;

fn windows(endpoint: Endpoint) -> Endpoint {
    endpoint
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
}
// ANCHOR_END: windows

/// How long the client waits for a greeting.
const GREETING_TIMEOUT: Duration = Duration::from_secs(10);

/// Long enough for the server to fill a window.
const WINDOW_FILLS_IN: Duration = Duration::from_millis(100);

/// More chunks than any window here holds.
const LONG_FILE: &str = "1000";

const NUMBERS: [&str; 3] = ["first", "second", "third"];

// ANCHOR: broken
pub async fn broken(network: Network) -> Outcome {
    let client = OneChannel::new(network.channel_with(windows).await?);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        sleep(WINDOW_FILLS_IN).await;
        info!(
            download = number,
            "opens a {number} download, and does not read it"
        );
        log_window(&network);
        log_greeting(timeout(GREETING_TIMEOUT, client.greet("Ada")).await);
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
    sleep(WINDOW_FILLS_IN).await;
    info!(
        downloads = unread.len(),
        "opened three downloads, and reads none of them"
    );
    log_window(&network);
    let greeting = client.greet("Ada");
    let freed = async {
        sleep(GREETING_TIMEOUT / 2).await;
        info!(step = "drops", "drops one of them");
        unread.pop();
        std::future::pending().await
    };
    tokio::select! {
        biased;
        greeted = greeting => {
            let greeting = greeted?;
            info!(greeting, "got {greeting:?}");
        }
        () = freed => {}
    }
    log_window(&network);
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
        info!(
            download = number,
            "opens a {number} download, and does not read it"
        );
    }
    sleep(WINDOW_FILLS_IN).await;
    log_greeting(timeout(GREETING_TIMEOUT, client.greet("Ada")).await);
    Ok(())
}
// ANCHOR_END: fixed

pub async fn wider(network: Network) -> Outcome {
    let wide = |endpoint| windows(endpoint).initial_connection_window_size(8 * STREAM_WINDOW);
    let client = OneChannel::new(network.channel_with(wide).await?);
    let mut unread = Vec::new();
    for number in NUMBERS {
        unread.push(client.download(LONG_FILE).await?);
        info!(
            download = number,
            "opens a {number} download, and does not read it"
        );
    }
    sleep(WINDOW_FILLS_IN).await;
    log_greeting(timeout(GREETING_TIMEOUT, client.greet("Ada")).await);
    Ok(())
}

fn log_greeting(greeting: Result<Result<String, Status>, tokio::time::error::Elapsed>) {
    match greeting {
        Ok(Ok(greeting)) => info!(greeting, "got {greeting:?}"),
        Ok(Err(status)) => info!(
            code = ?status.code(),
            "{:?}: {}",
            status.code(),
            status.message()
        ),
        Err(_) => {
            let waited_s = GREETING_TIMEOUT.as_secs();
            info!(waited_s, "no greeting within {waited_s} s");
        }
    }
}

/// Logs what only the lab can see: how many bytes are left in the connection's window.
fn log_window(network: &Network) {
    let left = network
        .in_lab()
        .and_then(|lab| lab.room_to_client().first().copied());
    if let Some(left) = left {
        let left = u64::try_from(left).unwrap_or(0);
        info!(
            window_left = left,
            "connection window: {} bytes left",
            grouped(left)
        );
    }
}
