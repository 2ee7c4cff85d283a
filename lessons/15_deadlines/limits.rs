//! The limits of this lesson's scenes.

use std::time::Duration;

/// The timeout of a call, set at the client, on its channel and at the server.
pub const TIMEOUT: Duration = Duration::from_millis(250);
/// How long a whole stream may take.
pub const TOTAL: Duration = Duration::from_millis(350);
/// How long a stream may be silent.
pub const IDLE: Duration = Duration::from_millis(200);
/// How long a client does not read.
pub const AWAY: Duration = Duration::from_secs(60 * 60);
/// The window of a client that does not read, in bytes: the second number uses it up.
pub const WINDOW: u32 = 30;
/// How often a server asks whether the client is still there, and how long it waits for the answer.
pub const KEEPALIVE: (Duration, Duration) = (Duration::from_secs(20 * 60), Duration::from_secs(20));
/// How old a connection may become, and how much longer its calls may then take.
pub const AGE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(10));
