//! The times of this lesson's scenes.

use std::time::Duration;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// When the link between client and server begins to drop everything.
pub const BLACK_HOLE: Duration = seconds(110);

// ANCHOR: keepalive
/// A PING when nothing has been received for 20 s, and 10 s for its answer: a dead connection is found
/// after 30 s at the latest.
pub const INTERVAL: Duration = seconds(20);
pub const TIMEOUT: Duration = seconds(10);
// ANCHOR_END: keepalive

// ANCHOR: heartbeat
/// Each side sends a heartbeat when it has sent nothing for 20 s.
pub const HEARTBEAT: Duration = seconds(20);
/// A side that has heard nothing for 30 s gives up. A heartbeat may be 10 s late.
pub const LIMIT: Duration = seconds(30);
// ANCHOR_END: heartbeat

/// How long the proxy lets a call be quiet: the default of nginx, and what many load balancers have.
pub const PROXY_LIMIT: Duration = seconds(60);
/// More often than the proxy's limit, and never in the instant in which it ends.
pub const PROXY_INTERVAL: Duration = seconds(25);

/// From one price to the next, at a market where little happens.
pub const RARELY: Duration = seconds(60);
/// From one price to the next, at a market where much happens.
pub const OFTEN: Duration = seconds(5);

/// How long a client stays that has found nothing wrong.
pub const STAYS: Duration = seconds(600);
/// When an idle client calls again, after the link has lost its connection.
pub const LATER: Duration = seconds(90);
pub const HOUR: Duration = seconds(60 * 60);
/// For tasks that end by themselves.
pub const AN_INSTANT: Duration = Duration::from_millis(10);
