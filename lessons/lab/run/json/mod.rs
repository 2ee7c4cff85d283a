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
//!
//! It is written by hand, because every lesson builds this: derived code, and the crates that derive
//! it, would take a twentieth of a first build. The package `run-views` reads it.

mod frame;
mod note;
mod writer;

use std::io::{self, Write};

use super::View;
use super::event::{Connection, Event, Host, HostName, Role, SceneHead, What};
use super::values::Fields;
use writer::{Object, ToJson};

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

    fn write(&mut self, kind: &str, more: impl FnOnce(Object<'_>) -> Object<'_>) {
        if self.failed.is_some() {
            return;
        }
        let mut line = String::new();
        more(Object::begin(&mut line).with("type", kind)).end();
        line.push('\n');
        let written = self.out.write_all(line.as_bytes());
        self.failed = written.and_then(|()| self.out.flush()).err();
    }
}

impl View for Json {
    fn begin(&mut self, scene: &SceneHead) {
        self.write("scene", |object| {
            object
                .with("name", &scene.name)
                .with("title", &scene.title)
                .with("hosts", &scene.hosts)
                .with_some("elide_after", scene.elide_after.as_ref())
                .with("shows_opening", &scene.shows_opening)
        });
    }

    fn event(&mut self, event: &Event) {
        let at_us = u64::try_from(event.at.as_micros()).unwrap_or(u64::MAX);
        match &event.what {
            What::Said { host, text, fields } => self.write("said", |object| {
                object
                    .with("at_us", &at_us)
                    .with("host", host)
                    .with("text", text)
                    .with("fields", fields)
            }),
            What::Frame {
                connection,
                frame,
                lost,
            } => self.write("frame", |object| {
                object
                    .with("at_us", &at_us)
                    .with("connection", connection)
                    .with("frame", frame)
                    .with_some("lost", lost.then_some(&true))
            }),
            What::Note(note) => self.write("note", |object| {
                object.with("at_us", &at_us).with("note", note)
            }),
        }
    }

    fn end(&mut self) {
        self.write("end", |object| object);
    }

    fn failure(&self) -> Option<io::ErrorKind> {
        self.failed.as_ref().map(io::Error::kind)
    }
}

impl ToJson for HostName {
    fn to_json(&self, out: &mut String) {
        self.as_str().to_json(out);
    }
}

impl ToJson for Host {
    fn to_json(&self, out: &mut String) {
        let object = Object::begin(out).with("name", &self.name);
        object.with("role", &self.role).end();
    }
}

impl ToJson for Role {
    fn to_json(&self, out: &mut String) {
        let name = match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Relay => "relay",
        };
        name.to_json(out);
    }
}

impl ToJson for Connection {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("client", &self.client)
            .with("server", &self.server)
            .with("number", &self.number)
            .end();
    }
}

impl ToJson for Fields {
    fn to_json(&self, out: &mut String) {
        let fields = self.iter();
        fields
            .fold(Object::begin(out), |object, (name, value)| {
                object.with(name, value)
            })
            .end();
    }
}
