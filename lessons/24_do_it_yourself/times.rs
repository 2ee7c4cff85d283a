//! How long, and how often.

use std::time::Duration;

/// How long a client waits for a price that should come at once.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// After this, whatever moves without a reader has moved.
pub const SETTLED: Duration = Duration::from_secs(1);
/// How long a client does nothing after it has dropped a call: longer than the call would last.
pub const LEFT: Duration = Duration::from_secs(10);
/// Calls that are begun and dropped.
pub const CALLS: usize = 100;
/// From the client to the server, and back again.
pub const LATENCY: Duration = Duration::from_millis(50);
