//! The numbers of this lesson's scenes.

use std::time::Duration;

/// How many points are recorded.
pub const POINTS: i32 = 1000;
/// What a link between two continents adds, one way.
pub const LATENCY: Duration = Duration::from_millis(50);
/// The time from one point to the next, where they are not all known before the call.
pub const PACE: Duration = Duration::from_millis(1);
/// The file that is downloaded, in bytes. The server makes it as it is read.
pub const FILE: usize = 4 * 1024 * 1024;
/// What the lab's link holds: more than any window of this lesson, so that the windows are the limit.
pub const ON_ITS_WAY: usize = 16 * 1024 * 1024;
