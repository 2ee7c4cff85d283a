//! What a connection and a queue hold in this lesson.

/// HTTP/2's own default for a stream's window, in both directions of every scene but one.
pub const WINDOW: u32 = 65_535;

/// Messages that may wait to be sent.
pub const WAITING: usize = 4;
