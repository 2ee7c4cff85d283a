//! What is told of a run, and to whom: the same events and the same views as a lesson's.

use std::time::Duration;

use serde_json::{Value, json};
use streaming_lab::run::{Connection, Event, Fields, Host, HostName, Role, SceneHead, View, What};
use streaming_lab::wire::{Body, Direction, Frame};

const CLIENT: &str = "client";
const SERVER: &str = "server";
/// The lane of what the tap itself has to say.
const TAP: &str = "tap";

/// Longer messages are cut in the transcript; the events have them whole.
const SHOWN: usize = 180;

/// What is to be shown.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Only the calls of this method.
    pub only: Option<String>,
    /// No frames and no messages.
    pub quiet: bool,
}

/// Turns what is seen into events.
pub(super) struct Teller {
    view: Box<dyn View>,
    shown: Shown,
}

impl Teller {
    pub(super) fn new(view: Box<dyn View>, shown: Shown) -> Self {
        Self { view, shown }
    }

    pub(super) fn begin(&mut self, title: &str) {
        let host = |name: &str, role| Host {
            name: name.into(),
            role,
        };
        self.view.begin(&SceneHead {
            name: TAP.to_owned(),
            title: title.to_owned(),
            hosts: vec![host(CLIENT, Role::Client), host(SERVER, Role::Server)],
            elide_after: None,
            shows_opening: false,
        });
    }

    pub(super) fn end(&mut self) {
        self.view.end();
    }

    /// Whether calls of this method are shown; without a path, what belongs to the connection.
    pub(super) fn shows(&self, path: Option<&str>) -> bool {
        match &self.shown.only {
            None => true,
            Some(only) => path == Some(only),
        }
    }

    /// Whether the messages of this method are shown.
    pub(super) fn shows_messages(&self, path: &str) -> bool {
        !self.shown.quiet && self.shows(Some(path))
    }

    /// A frame, which is handed back. What ends all calls of a connection, or all reading, is shown in any case.
    pub(super) fn frame(
        &mut self,
        at: Duration,
        number: u32,
        frame: Frame,
        path: Option<&str>,
    ) -> Frame {
        let concerns_all = matches!(frame.body, Body::GoAway { .. }) && !self.shown.quiet;
        let unreadable = matches!(frame.body, Body::NotHttp2 | Body::Malformed(_));
        let asked_for = !self.shown.quiet && self.shows(path);
        if !(asked_for || concerns_all || unreadable) {
            return frame;
        }
        // It may name hundreds of messages, so it is lent to the event and not copied.
        let event = Event {
            at,
            what: What::Frame {
                connection: connection(number),
                frame,
                lost: false,
            },
        };
        self.view.event(&event);
        match event.what {
            What::Frame { frame, .. } => frame,
            _ => unreachable!("it was made above"),
        }
    }

    /// A message, in the lane of the side that has sent it.
    pub(super) fn message(
        &mut self,
        at: Duration,
        number: u32,
        frame: &Frame,
        path: &str,
        message: Value,
    ) {
        let connection = connection(number);
        let json = message.to_string();
        let mut text = format!("{} {json}", connection.stream(frame.stream));
        if let Some((end, _)) = text.char_indices().nth(SHOWN) {
            text.truncate(end);
            text.push('…');
        }
        let fields = json!({
            "connection": number, "stream": frame.stream, "path": path, "message": message,
        });
        let host = connection.sender(frame.direction).clone();
        self.said(at, host, text, fields);
    }

    /// Something about the run or a connection.
    pub(super) fn note(&mut self, at: Duration, text: String, fields: Value) {
        self.said(at, TAP.into(), text, fields);
    }

    /// The same, where `--quiet` has not asked to leave it out.
    pub(super) fn aside(&mut self, at: Duration, text: String, fields: Value) {
        if !self.shown.quiet {
            self.note(at, text, fields);
        }
    }

    fn said(&mut self, at: Duration, host: HostName, text: String, fields: Value) {
        let fields = match fields {
            Value::Object(fields) => fields.into_iter().collect(),
            _ => Fields::default(),
        };
        self.tell(at, What::Said { host, text, fields });
    }

    fn tell(&mut self, at: Duration, what: What) {
        self.view.event(&Event { at, what });
    }
}

/// A connection, with the names that a lesson's transcript gives to its ends.
pub(super) fn connection(number: u32) -> Connection {
    Connection {
        client: CLIENT.into(),
        server: SERVER.into(),
        number,
    }
}

/// Whose bytes travel in that direction.
pub(super) fn sender(direction: Direction) -> &'static str {
    match direction {
        Direction::ToServer => CLIENT,
        Direction::ToClient => SERVER,
    }
}
