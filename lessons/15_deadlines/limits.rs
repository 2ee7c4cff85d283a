//! The time limits of this lesson's scenes.

use std::time::Duration;

/// The timeout of a call, set at the client, on its channel and at the server.
pub const TIMEOUT: Duration = Duration::from_millis(250);
/// How long a whole stream may take.
pub const TOTAL: Duration = Duration::from_millis(350);
/// How long a stream may be silent.
pub const IDLE: Duration = Duration::from_millis(200);
