//! The page of each scene.

use std::time::Duration;

use tokio::time::timeout;
use tonic::Status;
use tracing::info;
use workbook::{Network, Outcome};

use super::fetch::{self, Fetched};
use super::{broken, fixed};

/// How many numbers a page asks for.
const NUMBERS: i32 = 3;
/// The server's third number is due a second after the first. By then it has gone.
const CRASH: Duration = Duration::from_millis(700);
/// A page that stops reading between two numbers.
const STOP: Duration = Duration::from_millis(700);
/// Longer than the server needs to notice.
const AFTER: Duration = Duration::from_millis(50);

/// A server that speaks HTTP/2 alone.
pub async fn calls_http2(network: Network) -> Outcome {
    match fetch::list(&network, "server", "", NUMBERS).await {
        Ok(fetched) => info!(status = fetched.status.as_u16(), "{}", fetched.status),
        Err(failure) => info!(step = "failed", "{failure}"),
    }
    Ok(())
}

pub async fn faulty(network: Network) -> Outcome {
    broken::read(fetch::list(&network, "server", "", NUMBERS).await?).await
}

pub async fn sound(network: Network) -> Outcome {
    fixed::read(fetch::list(&network, "server", "", NUMBERS).await?).await
}

pub async fn faulty_in_pieces(network: Network) -> Outcome {
    broken::read(fetch::list(&network, "proxy", "", NUMBERS).await?).await
}

pub async fn sound_in_pieces(network: Network) -> Outcome {
    fixed::read(fetch::list(&network, "proxy", "", NUMBERS).await?).await
}

pub async fn faulty_text(network: Network) -> Outcome {
    broken::read_text(fetch::list_as_text(&network, "proxy", NUMBERS).await?).await
}

pub async fn sound_text(network: Network) -> Outcome {
    fixed::read(fetch::list_as_text(&network, "proxy", NUMBERS).await?).await
}

/// Zero numbers are refused at once.
pub async fn faulty_refused(network: Network) -> Outcome {
    broken::read(fetch::list(&network, "server", "", 0).await?).await
}

pub async fn sound_refused(network: Network) -> Outcome {
    fixed::read(fetch::list(&network, "server", "", 0).await?).await
}

/// The server fails after two numbers.
pub async fn sound_failing(network: Network) -> Outcome {
    fixed::read(fetch::list(&network, "server", "breaks", NUMBERS).await?).await
}

pub async fn faulty_truncated(network: Network) -> Outcome {
    broken::read(fetch::list(&network, "proxy", "", NUMBERS).await?).await
}

pub async fn sound_truncated(network: Network) -> Outcome {
    fixed::read(fetch::list(&network, "proxy", "", NUMBERS).await?).await
}

/// Not a page: kills the server between two numbers.
pub async fn kills(network: Network) -> Outcome {
    if let Some(lab) = network.in_lab() {
        lab.sleep(CRASH).await;
        info!(step = "kills", "kills the server");
        lab.crash("server");
    }
    Ok(())
}

// ANCHOR: aborts
/// Reads for a while, and then drops the answer, which is what `abort()` does in a page.
pub async fn aborts(network: Network) -> Outcome {
    let fetched = fetch::list(&network, "server", "", NUMBERS).await?;
    if timeout(STOP, fixed::read(fetched)).await.is_err() {
        info!(step = "aborts", "abort()");
    }
    network.sleep(AFTER).await;
    Ok(())
}
// ANCHOR_END: aborts

/// Pages of four origins, and what the browser is told of them.
pub async fn asks(network: Network) -> Outcome {
    for origin in [
        fetch::BOOK,
        "null",
        "https://example.com",
        "http://localhost.example.com",
    ] {
        let answer = fetch::preflight(&network, "server", origin).await?;
        let allowed = header(&answer, "access-control-allow-origin");
        let is_allowed = allowed.is_some();
        let told = if is_allowed {
            "may call"
        } else {
            "may not call"
        };
        info!(allowed = is_allowed, "{origin} {told}");
    }
    Ok(())
}

/// What a page may read of a call that is refused at once. A browser shows it only what the answer allows.
pub async fn reads_headers(network: Network) -> Outcome {
    let answer = fetch::list(&network, "server", "", 0).await?;
    if header(&answer, "access-control-allow-origin").is_none() {
        info!(step = "not_allowed", "may not read the answer");
        return Ok(());
    }
    let exposed = header(&answer, "access-control-expose-headers").unwrap_or_default();
    let is_exposed = exposed.split(',').any(|name| name.trim() == "grpc-status");
    match Status::from_header_map(&answer.headers).filter(|_| is_exposed) {
        Some(status) => info!(ended = ?status.code(), "the end: {:?}", status.code()),
        None => info!(
            step = "no_status",
            "no body, and no status that it may read"
        ),
    }
    Ok(())
}

fn header(answer: &Fetched, name: &str) -> Option<String> {
    let value = answer.headers.get(name)?;
    value.to_str().ok().map(str::to_owned)
}
