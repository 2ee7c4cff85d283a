//! What the clients of both versions log in the same words.

use std::fmt::Display;

use tokio::time::Instant;
use tracing::info;
use workbook::Failure;

/// A call without which the scene makes no sense has failed.
pub fn lost(error: impl Display) -> Failure {
    Failure::Other(error.to_string())
}

pub fn answered(method: &str, began: Instant) {
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    info!(method, ms, "{method}: here after {ms} ms");
}

pub fn unanswered() {
    info!(step = "unanswered", "no price after 60 s: gives up");
}
