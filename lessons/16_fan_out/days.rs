//! The days of this lesson's scenes.

use std::time::Duration;

use super::exchange::Day;

/// A trade a millisecond, 200 of them, of 1 KiB each.
pub const DAY: Day = Day {
    trades: 200,
    pause: Duration::from_millis(1),
    book: 1000,
};
/// So many trades that a subscriber with tonic's own window is behind.
pub const LONG: Day = Day {
    trades: 2100,
    ..DAY
};
/// For grpcurl: three trades, and no order book.
pub const SHORT: Day = Day {
    trades: 3,
    pause: Duration::from_millis(200),
    book: 0,
};
/// How often a server asks whether the client is still there, and how long it waits for the answer.
pub const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(20 * 60), Duration::from_secs(20));
/// How old a connection may become, and how much longer its calls may then take.
pub const AGE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));
