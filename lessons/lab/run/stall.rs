//! A stall: nothing happens any more, and nothing will.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use super::event::Connection;
use crate::wire::Stream;

/// Nothing happened for so long that nothing will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stall {
    /// How long nothing happened, in virtual time.
    pub lasted: Duration,
    /// Whether timers kept firing all the while.
    pub ticking: bool,
    /// Each call that is still open, as the wire shows it.
    pub open_calls: OpenCalls,
    /// What is still alive.
    pub alive: Census,
}

/// A call that has not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCall {
    /// The connection that carries it.
    pub connection: Connection,
    /// Whether the scene has other hosts than these two, so that they must be named.
    pub among_others: bool,
    /// What has been sent on it.
    pub stream: Stream,
}

/// The calls that were open at one instant; displayed, they are a list in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenCalls(pub Vec<OpenCall>);

impl Deref for OpenCalls {
    type Target = [OpenCall];

    fn deref(&self) -> &[OpenCall] {
        &self.0
    }
}

impl fmt::Display for OpenCalls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.iter().map(OpenCall::to_string).collect();
        f.write_str(&words.join("; "))
    }
}

/// What was alive at one instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Tasks of the runtime, those of tonic and hyper included; the runtime does not know hosts.
    pub tasks: usize,
    /// Handler futures: calls that have no response yet.
    pub handlers: usize,
    /// Response bodies that are neither finished nor dropped.
    pub streams: usize,
}

impl Census {
    /// What is alive now and was not at `baseline`.
    #[must_use]
    pub fn since(self, baseline: Self) -> Self {
        Self {
            tasks: self.tasks.saturating_sub(baseline.tasks),
            handlers: self.handlers.saturating_sub(baseline.handlers),
            streams: self.streams.saturating_sub(baseline.streams),
        }
    }
}

impl fmt::Display for Stall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing for {} of virtual time", Span(self.lasted))?;
        if self.ticking {
            write!(f, " but a timer that keeps firing")?;
        }
        if self.open_calls.is_empty() {
            write!(f, ": no call is open, {}", self.alive)
        } else {
            write!(f, ": {}", self.open_calls)
        }
    }
}

impl std::error::Error for Stall {}

impl fmt::Display for OpenCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.among_others {
            let Connection { client, server, .. } = &self.connection;
            write!(f, "{client} at {server}, ")?;
        }
        let path = self.stream.path.trim_start_matches('/');
        write!(f, "{path}: {}", self.stream)
    }
}

impl fmt::Display for Census {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            tasks,
            handlers,
            streams,
        } = self;
        write!(
            f,
            "{tasks} tasks, {handlers} handlers, {streams} streams alive"
        )
    }
}

/// "1 h 00 min", "2 min 05 s", "0.250 s"
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        match seconds {
            0..60 => write!(f, "{}.{:03} s", seconds, self.0.subsec_millis()),
            60..3600 => write!(f, "{} min {:02} s", seconds / 60, seconds % 60),
            _ => write!(f, "{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
        }
    }
}
