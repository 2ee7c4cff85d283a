//! What two runs of one scene have in common, whatever the clock and the transport.

use super::event::{Connection, HostName};
use super::recorded::Scene;
use crate::wire::{Body, Direction, Frame, Part, kind, meaning};

/// What one host said, in order.
#[must_use]
pub fn lines_of<'a>(scene: &'a Scene, host: &HostName) -> Vec<&'a str> {
    let lines = scene.said().filter(|line| line.host == host);
    lines.map(|line| line.text).collect()
}

/// One direction of one stream.
type Way = (Connection, u32, Direction);

/// The wire without what timing decides: how messages share frames, and when windows are topped up.
/// What remains is, for each stream and direction, the headers, how many messages came, and the end.
#[must_use]
pub fn wire_essence(scene: &Scene) -> Vec<String> {
    let mut ways: Vec<(Way, u64, Vec<String>)> = Vec::new();
    for (_, connection, frame) in scene.frames() {
        if frame.stream == 0 || matches!(frame.body, Body::WindowUpdate(_)) {
            continue;
        }
        let way = (connection.clone(), frame.stream, frame.direction);
        let index = ways.iter().position(|(known, ..)| *known == way);
        let index = index.unwrap_or_else(|| {
            ways.push((way, 0, Vec::new()));
            ways.len() - 1
        });
        let (_, messages, events) = &mut ways[index];
        *messages += whole_messages(frame);
        match &frame.body {
            Body::Data { .. } if frame.end_stream => events.push("END_STREAM".to_owned()),
            Body::Data { .. } => {}
            body => events.push(format!("{} {}", kind(body), meaning(frame))),
        }
    }
    ways.into_iter()
        .map(|((connection, stream, direction), messages, events)| {
            let (from, to) = (connection.sender(direction), connection.receiver(direction));
            let stream = connection.stream(stream);
            let events = events.join("; ");
            format!("{from} → {to} {stream}: {messages} messages; {events}")
        })
        .collect()
}

/// How many messages are complete with this frame.
fn whole_messages(frame: &Frame) -> u64 {
    let Body::Data { parts, .. } = &frame.body else {
        return 0;
    };
    let ends = |part: &&Part| matches!(part, Part::Whole(_) | Part::Ends(_));
    u64::try_from(parts.iter().filter(ends).count()).unwrap_or(u64::MAX)
}
