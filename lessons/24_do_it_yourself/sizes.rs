//! How much of everything.

use std::time::Duration;

/// The longest frame of the faulty version, which sends each answer in one: 16 MiB.
pub const LONGEST_EVER: usize = 16 * 1024 * 1024;

/// Bytes of an item at most, so that other calls have their turn in between. HTTP/2 begins with the same
/// number (RFC 9113, section 6.5.2, SETTINGS_MAX_FRAME_SIZE).
pub const LONGEST: usize = 16 * 1024;

/// A report, too large to be sent in one piece while others wait: 1 MiB.
pub const REPORT: usize = 1024 * 1024;
/// A price, with all that belongs to it.
pub const PRICE: usize = 1024;
/// Prices of the call that has many.
pub const MANY: usize = 1_000;
/// Ticks of the call that takes its time, and what is between two of them.
pub const TICKS: usize = 50;
pub const TICK: Duration = Duration::from_millis(100);
/// Trades of a day.
pub const TRADES: usize = 7;
