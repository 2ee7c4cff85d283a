//! Everything that the tap sees, says and counts. It neither reads nor writes sockets, and has no
//! clock: what passes is handed over with its time.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use streaming_lab::run::{OpenCall, View};
use streaming_lab::wire::{Body, Direction, Frame, Side};

use super::calls::{Call, Tapped, forget_ended, opens, whole_messages};
use super::diagnosis::suspect;
use super::relay::Ended;
use super::spoken::instead_of_http2;
use super::statistics::Statistics;
use super::teller::{Shown, Teller, connection};
use super::types::Types;

/// Sees all connections of a run.
pub struct Watcher {
    teller: Teller,
    types: Types,
    connections: BTreeMap<u32, Tapped>,
    statistics: Statistics,
    open_calls: usize,
}

impl Watcher {
    /// A watcher that tells `view` what it sees.
    #[must_use]
    pub fn new(view: Box<dyn View>, shown: Shown) -> Self {
        Self {
            teller: Teller::new(view, shown),
            types: Types::default(),
            connections: BTreeMap::new(),
            statistics: Statistics::default(),
            open_calls: 0,
        }
    }

    /// From now on messages of these types are shown as JSON.
    pub(super) fn knows(&mut self, types: Types) {
        self.types = types;
    }

    /// The run begins.
    pub fn begin(&mut self, title: &str) {
        self.teller.begin(title);
    }

    /// Something that the user should know.
    pub(super) fn remark(&mut self, at: Duration, text: &str) {
        self.teller.aside(at, text.to_owned(), json!({}));
    }

    /// A client has connected. Returns the connection's number.
    pub fn opened(&mut self, at: Duration, from: &str) -> u32 {
        self.statistics.connections += 1;
        let number = self.statistics.connections;
        self.connections.insert(number, Tapped::default());
        let text = format!("connection {number} from {from}");
        let fields = json!({"connection": number, "from": from});
        self.teller.aside(at, text, fields);
        number
    }

    /// Bytes pass.
    pub fn passed(&mut self, at: Duration, number: u32, direction: Direction, bytes: &[u8]) {
        self.statistics.bytes(direction, bytes.len());
        let Some(tapped) = self.connections.get_mut(&number) else {
            return;
        };
        if !tapped.is_http2(direction, bytes) {
            if tapped.is_read {
                tapped.is_read = false;
                let spoken = instead_of_http2(direction, tapped.first(direction));
                let text = format!("connection {number}: {spoken}");
                self.teller.note(at, text, json!({"connection": number}));
                self.open_calls -= tapped.calls.len();
                tapped.calls.clear();
            }
            return;
        }
        let Tapped { witness, calls, .. } = tapped;
        let Self {
            teller,
            types,
            statistics,
            open_calls,
            ..
        } = self;
        witness.saw_each(direction, bytes, |frame, carried, wire| {
            let (stream, was_open) = (frame.stream, *open_calls > 0);
            if opens(calls, at, &frame) {
                statistics.calls += 1;
                *open_calls += 1;
            }
            if let Some(call) = calls.get_mut(&stream) {
                statistics.moved(at, was_open);
                statistics.messages(direction, whole_messages(&frame));
                let frame = teller.frame(at, number, frame, Some(&call.path));
                messages(teller, types, at, number, &frame, carried, call);
                call.moved(at, frame);
                *open_calls -= forget_ended(calls, stream, wire);
            } else {
                teller.frame(at, number, frame, None);
            }
        });
    }

    /// A connection has ended.
    pub fn closed(&mut self, at: Duration, number: u32, ended: &Ended) {
        let how = match ended {
            Ended::Closed => "closed by both sides".to_owned(),
            Ended::Broken(side, error) => {
                let side = match side {
                    Side::Client => "client",
                    Side::Server => "server",
                };
                format!("broken by the {side}: {error}")
            }
        };
        self.lost(at, number, &how);
    }

    /// The same, in words; calls that were open have ended with it.
    pub(super) fn lost(&mut self, at: Duration, number: u32, how: &str) {
        let Some(tapped) = self.connections.remove(&number) else {
            return;
        };
        let open = tapped.calls.len();
        self.open_calls -= open;
        let mut text = format!("connection {number} {how}");
        if open > 0 {
            let s = if open == 1 { "" } else { "s" };
            text.push_str(&format!(", with {open} open call{s}"));
        }
        let fields = json!({"connection": number, "open_calls": open, "how": how});
        self.teller.aside(at, text, fields);
    }

    /// Says of each open call on which nothing has moved for `silence` what the wire knows; once, until
    /// something moves on it again.
    pub fn diagnose(&mut self, at: Duration, silence: Duration) {
        for (&number, tapped) in &mut self.connections {
            let wire = tapped.witness.connection();
            for (&id, call) in &mut tapped.calls {
                let quiet = at.saturating_sub(call.moved);
                let Some(stream) = wire.stream(id) else {
                    continue;
                };
                if call.is_told || quiet < silence || !self.teller.shows(Some(&call.path)) {
                    continue;
                }
                call.is_told = true;
                let waits = wire.waits(stream);
                let suspect = suspect(stream, &waits, call.last.direction);
                let connection = connection(number);
                let name = connection.stream(id);
                let open = OpenCall {
                    connection,
                    among_others: false,
                    stream: stream.clone(),
                };
                let waits: Vec<String> = waits.iter().map(ToString::to_string).collect();
                let fields = json!({
                    "connection": number, "stream": id, "path": call.path,
                    "quiet_ms": u64::try_from(quiet.as_millis()).unwrap_or(u64::MAX),
                    "waits": waits, "suspect": suspect.words, "lessons": suspect.lessons,
                });
                let head = format!("{name} nothing for {:.1} s: {open}", quiet.as_secs_f64());
                self.teller.note(at, head, fields);
                for wait in waits {
                    self.teller.note(at, format!("{name} {wait}"), json!({}));
                }
                let last = format!("{name} {}", call.sent_last(at));
                self.teller.note(at, last, json!({}));
                let looks = format!("{name} looks as if {suspect}");
                self.teller.note(at, looks, json!({}));
            }
        }
    }

    /// The run is over: what is open, and what has passed.
    pub fn finish(&mut self, at: Duration) {
        for call in self
            .connections
            .values_mut()
            .flat_map(|tapped| tapped.calls.values_mut())
        {
            call.is_told = false;
        }
        self.statistics.moved(at, self.open_calls > 0);
        self.diagnose(at, Duration::ZERO);
        let text = self.statistics.to_string();
        self.teller.note(at, text, self.statistics.fields());
        self.teller.end();
    }
}

/// Shows the messages that a frame completes, where their type is known.
fn messages(
    teller: &mut Teller,
    types: &Types,
    at: Duration,
    number: u32,
    frame: &Frame,
    carried: &[u8],
    call: &mut Call,
) {
    let is_shown = teller.shows_messages(&call.path) && types.knows(&call.path);
    if !matches!(frame.body, Body::Data { .. }) || !is_shown {
        return;
    }
    let path = call.path.clone();
    call.contents(frame.direction).push(carried, |bytes| {
        if let Some(message) = types.json(&path, frame.direction, bytes) {
            teller.message(at, number, frame, &path, message);
        }
    });
}
