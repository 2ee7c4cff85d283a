//! A run is a list of events; everything else is a view of it.
//!
//! ```text
//! tracing ── Narration ──► Said ┐
//! Tap ───────────────────► Frame ├── Event ──► Transcript (text), Json, Run (facts)
//! stall detector, panics ► Note  ┘
//! ```
//!
//! Each event has the virtual time since its scene began. A line knows the host whose task said it, a
//! frame its connection and so both of its ends. Views that only tests and the book need, the picture
//! and the reader of the JSON, are in the package `run-views`: no lesson builds them.

mod compare;
mod elide;
mod event;
mod json;
mod layout;
mod narration;
mod recorded;
mod shown;
mod stall;
mod transcript;
mod values;

pub use compare::{lines_of, wire_essence};
pub use event::{Connection, Event, Host, HostName, Note, Role, SceneHead, UNKNOWN, What};
pub use json::Json;
pub use layout::wrap;
pub use narration::{InSpan, Narration, OnLine, host_span};
pub use recorded::{Run, SaidLine, Scene};
pub use stall::{Census, OpenCall, OpenCalls, Stall};
pub use transcript::{Placed, Transcript, text};
pub use values::{Fields, Value};

use std::io;
use std::time::Duration;

/// Something that is told of a run as it happens.
pub trait View: Send {
    /// A scene begins.
    fn begin(&mut self, scene: &SceneHead);
    /// Something happened in it.
    fn event(&mut self, event: &Event);
    /// It is over.
    fn end(&mut self);
    /// Why nothing more can be shown, if so; a closed pipe is the usual reason.
    fn failure(&self) -> Option<io::ErrorKind> {
        None
    }
}

/// Virtual time as a transcript writes it: seconds, and three digits of milliseconds.
#[must_use]
pub fn seconds(at: Duration) -> String {
    format!("{}.{:03}", at.as_secs(), at.subsec_millis())
}
