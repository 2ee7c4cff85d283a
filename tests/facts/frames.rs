//! What the facts ask of the wire, whose frames are selected by direction and content, and of a
//! status that gives a size only in its text.

use std::time::Duration;

use workbook::run::What;
use workbook::wire::{Body, Direction, Frame, Headers, Part};

use super::events::Events;

/// A gRPC message on the wire begins with a flag of one byte and a length of four.
const PREFIX: u64 = 5;

impl Events {
    /// What `read` finds in the frames that travel this way, and when.
    pub fn frames<T>(self, way: Direction, read: fn(&Frame) -> Option<T>) -> Vec<(Duration, T)> {
        let frames = self.events.iter().filter_map(|event| match &event.what {
            What::Frame { frame, .. } if frame.direction == way => {
                Some((event.at - self.began, read(frame)?))
            }
            _ => None,
        });
        frames.collect()
    }

    /// The first of them.
    pub fn frame<T>(self, way: Direction, read: fn(&Frame) -> Option<T>) -> (Duration, T) {
        let first = self.frames(way, read).into_iter().next();
        first.unwrap_or_else(|| panic!("{}: no such frame {way}", self.scene.head.name))
    }
}

/// The header fields, and the stream that they belong to.
pub fn headers(frame: &Frame) -> Option<(u32, Headers)> {
    match &frame.body {
        Body::Headers(headers) => Some((frame.stream, headers.clone())),
        _ => None,
    }
}

/// The status of a call that has ended, as a number.
pub fn grpc_status(frame: &Frame) -> Option<String> {
    let (_, headers) = headers(frame)?;
    headers.value("grpc-status").map(str::to_owned)
}

/// The bytes of the whole messages in a DATA frame, their prefixes included.
pub fn message_bytes(frame: &Frame) -> Option<u64> {
    let Body::Data { parts, .. } = &frame.body else {
        return None;
    };
    let whole = parts.iter().filter_map(|part| match part {
        Part::Whole(prefix) => Some(PREFIX + u64::from(prefix.length)),
        _ => None,
    });
    Some(whole.sum())
}

/// The code of a RST_STREAM.
pub fn reset(frame: &Frame) -> Option<u32> {
    match frame.body {
        Body::Reset(code) => Some(code),
        _ => None,
    }
}

/// END_STREAM: its sender closes its half of the stream.
pub fn end_of_half(frame: &Frame) -> Option<()> {
    frame.end_stream.then_some(())
}

/// The size of a message that tonic refuses, and its limit, both in bytes. tonic gives them to a
/// program only in the text of the status: "… found 5 bytes, the limit is: 4 bytes".
pub fn too_large(reason: &str) -> (u64, u64) {
    let sizes = || {
        let (_, sizes) = reason.split_once("found ")?;
        let (found, limit) = sizes.split_once(" bytes, the limit is: ")?;
        let limit = limit.strip_suffix(" bytes")?;
        Some((found.parse().ok()?, limit.parse().ok()?))
    };
    sizes().unwrap_or_else(|| panic!("tonic has changed this text: {reason}"))
}
