//! What the clients of both versions log in the same words.

use std::fmt::Display;

use tokio::time::Instant;
use tracing::info;
use workbook::{Failure, Network};

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

pub fn in_table(calls: usize) {
    info!(
        calls,
        "100 calls were begun and dropped: {calls} in the table"
    );
}

/// Tasks of the whole scene; none where it does not play in the lab.
pub fn tasks_alive(network: &Network) -> usize {
    network.in_lab().map_or(0, |lab| lab.meter().census().tasks)
}

pub fn alive(network: &Network, before: usize) {
    let tasks = tasks_alive(network).saturating_sub(before);
    info!(tasks, "the connection is closed: {tasks} tasks are left");
}
