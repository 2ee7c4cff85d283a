//! A run as JSON: one object a line.
//!
//! ```text
//! {"type":"scene","name":"reply","title":"…","hosts":[{"name":"client","role":"client"}, …],…}
//! {"type":"said","at_us":0,"host":"client","text":"SayHi(\"Ada\")","fields":{}}
//! {"type":"frame","at_us":0,"connection":{"client":"client","server":"server","number":1},
//!  "frame":{"direction":"to_server","stream":1,"end_stream":false,"body":{"headers":{…}}}}
//! {"type":"note","at_us":3600000000,"note":{"stall":{…}}}
//! {"type":"end"}
//! ```
//!
//! `at_us` is virtual time since the scene began, in microseconds. `note` is `stall`, `panic`, `cut`
//! (seconds of real time) or `lab_only` (the reason). What changes from run to run (dates, user
//! agents) is not in it.

use std::io::{self, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::View;
use super::event::{Connection, Event, HostName, Note, SceneHead, What};
use super::values::Fields;
use crate::wire::{Body, Frame};

/// Header fields that differ from run to run, or from version to version of the stack.
const VARYING: [&str; 2] = ["date", "user-agent"];

/// One line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Record {
    /// A scene begins.
    Scene(SceneHead),
    /// A host said something.
    Said {
        /// Microseconds since the scene began.
        at_us: u64,
        /// Who.
        host: HostName,
        /// What.
        text: String,
        /// Its data.
        #[serde(default)]
        fields: Fields,
    },
    /// A frame.
    Frame {
        /// Microseconds since the scene began.
        at_us: u64,
        /// On which connection.
        connection: Connection,
        /// The frame.
        frame: Frame,
        /// Whether it was sent into a black hole.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        lost: bool,
    },
    /// Something about the scene.
    Note {
        /// Microseconds since the scene began.
        at_us: u64,
        /// What.
        note: Note,
    },
    /// The scene is over.
    End,
}

impl Record {
    fn of(event: &Event) -> Self {
        let at_us = u64::try_from(event.at.as_micros()).unwrap_or(u64::MAX);
        match event.what.clone() {
            What::Said { host, text, fields } => Self::Said {
                at_us,
                host,
                text,
                fields,
            },
            What::Frame {
                connection,
                frame,
                lost,
            } => Self::Frame {
                at_us,
                connection,
                frame: without_varying(frame),
                lost,
            },
            What::Note(note) => Self::Note { at_us, note },
        }
    }

    /// The event, if the record is one.
    #[must_use]
    pub fn into_event(self) -> Option<Event> {
        let (at_us, what) = match self {
            Self::Said {
                at_us,
                host,
                text,
                fields,
            } => (at_us, What::Said { host, text, fields }),
            Self::Frame {
                at_us,
                connection,
                frame,
                lost,
            } => (
                at_us,
                What::Frame {
                    connection,
                    frame,
                    lost,
                },
            ),
            Self::Note { at_us, note } => (at_us, What::Note(note)),
            Self::Scene(_) | Self::End => return None,
        };
        let at = Duration::from_micros(at_us);
        Some(Event { at, what })
    }
}

fn without_varying(mut frame: Frame) -> Frame {
    if let Body::Headers(headers) = &mut frame.body {
        headers
            .fields
            .retain(|field| !VARYING.contains(&field.name.as_str()));
    }
    frame
}

/// Writes a run as it happens.
pub struct Json {
    out: Box<dyn Write + Send>,
    failed: Option<io::Error>,
}

impl Json {
    /// Writes to `out`.
    pub fn new(out: impl Write + Send + 'static) -> Self {
        Self {
            out: Box::new(out),
            failed: None,
        }
    }

    fn write(&mut self, record: &Record) {
        if self.failed.is_some() {
            return;
        }
        let written = serde_json::to_string(record)
            .map_err(io::Error::from)
            .and_then(|line| writeln!(self.out, "{line}"))
            .and_then(|()| self.out.flush());
        self.failed = written.err();
    }
}

impl View for Json {
    fn begin(&mut self, scene: &SceneHead) {
        self.write(&Record::Scene(scene.clone()));
    }

    fn event(&mut self, event: &Event) {
        self.write(&Record::of(event));
    }

    fn end(&mut self) {
        self.write(&Record::End);
    }

    fn failure(&self) -> Option<io::ErrorKind> {
        self.failed.as_ref().map(io::Error::kind)
    }
}
