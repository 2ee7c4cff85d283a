//! What has passed, counted.

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};
use streaming_lab::wire::{Direction, grouped};

/// The counts of one run.
#[derive(Debug, Default)]
pub(super) struct Statistics {
    pub connections: u32,
    pub calls: u64,
    to_server: Passed,
    to_client: Passed,
    /// When a frame of a call last passed while a call was open.
    moved: Duration,
    longest_silence: Duration,
}

#[derive(Debug, Default)]
struct Passed {
    messages: u64,
    bytes: u64,
}

impl Statistics {
    pub(super) fn bytes(&mut self, direction: Direction, bytes: usize) {
        self.passed(direction).bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
    }

    pub(super) fn messages(&mut self, direction: Direction, messages: u64) {
        self.passed(direction).messages += messages;
    }

    /// A frame of a call has passed, or the run is over. Only with a call that `was_open` until now is
    /// what went before a silence.
    pub(super) fn moved(&mut self, at: Duration, was_open: bool) {
        if was_open {
            let silence = at.saturating_sub(self.moved);
            self.longest_silence = self.longest_silence.max(silence);
        }
        self.moved = at;
    }

    /// The counts as data.
    pub(super) fn fields(&self) -> Value {
        let passed = |passed: &Passed| json!({"messages": passed.messages, "bytes": passed.bytes});
        let silence = self.longest_silence.as_millis();
        json!({
            "connections": self.connections,
            "calls": self.calls,
            "to_server": passed(&self.to_server),
            "to_client": passed(&self.to_client),
            "longest_silence_ms": u64::try_from(silence).unwrap_or(u64::MAX),
        })
    }

    fn passed(&mut self, direction: Direction) -> &mut Passed {
        match direction {
            Direction::ToServer => &mut self.to_server,
            Direction::ToClient => &mut self.to_client,
        }
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: u64, what: &str| {
            let s = if count == 1 { "" } else { "s" };
            format!("{} {what}{s}", grouped(count))
        };
        write!(
            f,
            "{}, {}; to the server {}, {}; to the client {}, {}; longest silence of a call {:.1} s",
            counted(u64::from(self.connections), "connection"),
            counted(self.calls, "call"),
            counted(self.to_server.messages, "message"),
            counted(self.to_server.bytes, "byte"),
            counted(self.to_client.messages, "message"),
            counted(self.to_client.bytes, "byte"),
            self.longest_silence.as_secs_f64(),
        )
    }
}
