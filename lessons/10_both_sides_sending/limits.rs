//! What a connection and a queue hold in this lesson.

/// HTTP/2's own default for a stream's window, in both directions of every scene but one.
pub const WINDOW: u32 = 65_535;

/// Messages that may wait in a client's mpsc channel. A few are enough to keep tonic busy, because the
/// window and tonic's buffer hold many more: with 4, a client that is stuck has sent 120 messages, with 1
/// it has sent 110, and with 16 it has sent 160. tonic encodes all that waits in one go, so each place in
/// the queue counts twice.
pub const WAITING: usize = 4;
