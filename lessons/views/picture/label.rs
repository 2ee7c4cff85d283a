//! The few words that fit on a frame's arrow, and how the arrow is drawn.

use streaming_lab::run::Connection;
use streaming_lab::wire::{
    Body, Direction, Frame, Headers, Part, grouped, kind, meaning, status_code,
};

/// How an arrow is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrow {
    Headers,
    Data,
    /// The last frame of a side that ends as it should: END_STREAM.
    End,
    /// RST_STREAM, and a status that is not OK.
    Failure,
    /// What keeps the connection going, and carries no part of a call.
    Control,
}

/// Whether its sender sends nothing after it on this stream.
pub(super) fn ends(frame: &Frame) -> bool {
    frame.end_stream || matches!(frame.body, Body::Reset(_))
}

/// Whether it opens a call.
pub(super) fn opens(frame: &Frame) -> bool {
    match &frame.body {
        Body::Headers(headers) => {
            frame.direction == Direction::ToServer && headers.value(":path").is_some()
        }
        _ => false,
    }
}

pub(super) fn arrow(frame: &Frame) -> Arrow {
    match &frame.body {
        Body::Reset(_) => Arrow::Failure,
        Body::Headers(headers) if status(headers).is_some_and(|status| status != "0") => {
            Arrow::Failure
        }
        Body::Headers(_) | Body::Data { .. } if frame.end_stream => Arrow::End,
        Body::Headers(_) => Arrow::Headers,
        Body::Data { .. } => Arrow::Data,
        _ => Arrow::Control,
    }
}

/// The number in `grpc-status`, if it carries one.
fn status(headers: &Headers) -> Option<&str> {
    headers.value("grpc-status")
}

/// What stands on the arrow. The stream is named only where there are several.
pub(super) fn label(
    connection: &Connection,
    frame: &Frame,
    count: usize,
    names_stream: bool,
) -> String {
    let said = match &frame.body {
        Body::Headers(fields) => headers(frame, fields),
        Body::Data { .. } if count > 1 => format!("{count} DATA frames"),
        Body::Data { parts, .. } => data(frame, parts),
        Body::Preface => "preface".to_owned(),
        body => format!("{} {}", kind(body), meaning(frame))
            .trim_end()
            .to_owned(),
    };
    if names_stream && frame.stream != 0 {
        format!("{} {said}", connection.stream(frame.stream))
    } else {
        said
    }
}

fn headers(frame: &Frame, fields: &Headers) -> String {
    let mut said = vec!["HEADERS".to_owned()];
    if let Some(path) = fields.value(":path") {
        said.push(path.rsplit('/').next().unwrap_or(path).to_owned());
        let timeout = fields.value("grpc-timeout");
        said.extend(timeout.map(|timeout| format!("grpc-timeout {timeout}")));
    } else if let Some(status) = status(fields) {
        said.push(format!("grpc-status {status} {}", status_code(status)));
    } else {
        let all = meaning(frame);
        said.push(all.split(", ").next().unwrap_or_default().to_owned());
    }
    said.join(" ")
}

fn data(frame: &Frame, parts: &[Part]) -> String {
    let bytes = |length: u32| grouped(u64::from(length));
    let what = match parts {
        [] => None,
        [Part::Whole(prefix)] => Some(format!("1 message, {} bytes", bytes(prefix.length))),
        [Part::Begins(_, here)] => Some(format!("a message begins, {} here", bytes(*here))),
        [Part::Ends(prefix)] => Some(format!("a message ends, {} bytes", bytes(prefix.length))),
        _ => {
            let whole = Frame {
                end_stream: false,
                ..frame.clone()
            };
            Some(meaning(&whole))
        }
    };
    let end = match (frame.end_stream, frame.direction) {
        (false, _) => None,
        (true, Direction::ToServer) => Some("END_STREAM (half-close)"),
        (true, Direction::ToClient) => Some("END_STREAM"),
    };
    match (what, end) {
        (None, None) => "DATA no message".to_owned(),
        (None, Some(end)) => format!("DATA {end}"),
        (Some(what), Some(end)) => format!("DATA {what}, {end}"),
        (Some(what), None) => format!("DATA {what}"),
    }
}
