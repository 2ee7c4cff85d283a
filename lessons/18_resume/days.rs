//! The logs of this lesson's scenes.

use std::time::Duration;

use tokio::time::Instant;

use super::log::Log;

/// 30 events, which a call reads at one every 20 ms.
pub const STORED: Log = Log {
    events: 30,
    kept: 30,
    every: Duration::from_millis(20),
    growing_since: None,
    closes_after: None,
};
/// The same, from a server that is shut down in the middle of each call.
pub const CLOSING: Log = Log {
    closes_after: Some(Duration::from_millis(110)),
    ..STORED
};
/// For grpcurl: events 4 to 6 of a log that has kept three.
pub const SHORT: Log = Log {
    events: 6,
    kept: 3,
    every: Duration::from_millis(200),
    ..STORED
};

/// 60 events, one every 20 ms from now on, of which 20 are kept.
pub fn growing() -> Log {
    Log {
        events: 60,
        kept: 20,
        growing_since: Some(Instant::now()),
        ..STORED
    }
}

/// One event every 500 ms: for a scene in which the server is away for long.
pub const SLOW: Log = Log {
    events: 20,
    kept: 20,
    every: Duration::from_millis(500),
    ..STORED
};
