//! From frames to words.
//!
//! Header lengths, dates and user agents are never said: they change from run to run.

use std::fmt::Write as _;

use super::decode::{Body, Frame};
use super::frame::Direction;
use super::hpack::Headers;
use super::message::{Part, Prefix};
use super::names::{error_code, grouped, percent_decoded, setting, status_code};

/// The frame in one line: direction, type, stream, meaning.
#[must_use]
pub fn describe(frame: &Frame) -> String {
    let (kind, meaning) = (kind(&frame.body), meaning(frame));
    let line = format!(
        "{} {kind:<13} #{:<3} {meaning}",
        frame.direction, frame.stream
    );
    line.trim_end().to_owned()
}

/// The frame's type as RFC 9113, section 6, names it: "HEADERS", "RST_STREAM".
#[must_use]
pub fn kind(body: &Body) -> &str {
    match body {
        Body::Preface => "preface",
        Body::Data { .. } => "DATA",
        Body::Headers(_) | Body::HeadersBegin => "HEADERS",
        Body::Priority => "PRIORITY",
        Body::Reset(_) => "RST_STREAM",
        Body::Settings(_) | Body::SettingsAck => "SETTINGS",
        Body::Ping { .. } => "PING",
        Body::GoAway { .. } => "GOAWAY",
        Body::WindowUpdate(_) => "WINDOW_UPDATE",
        Body::Unknown { .. } => "unknown type",
        Body::Malformed(_) => "malformed",
        Body::NotHttp2 => "not HTTP/2",
        Body::Foreign { kind, .. } => kind,
    }
}

/// What the frame says, in words; empty where its type says it all.
#[must_use]
pub fn meaning(frame: &Frame) -> String {
    let mut text = match &frame.body {
        Body::Preface => "the client speaks HTTP/2".to_owned(),
        Body::Data { parts, .. } => data(parts),
        Body::Headers(fields) => headers(fields),
        Body::HeadersBegin => "the rest follows".to_owned(),
        Body::Priority => String::new(),
        Body::Reset(code) => error_code(*code),
        Body::Settings(values) => settings(values),
        Body::SettingsAck => "ACK".to_owned(),
        Body::Ping { ack: false } => "are you there?".to_owned(),
        Body::Ping { ack: true } => "ACK".to_owned(),
        Body::GoAway { last, code, debug } => go_away(*last, *code, debug),
        Body::WindowUpdate(size) => format!("+{} bytes", grouped(u64::from(*size))),
        Body::Unknown { kind, length } => {
            format!("{kind}, {} bytes", grouped(length_of(*length)))
        }
        Body::Malformed(reason) => reason.clone(),
        Body::NotHttp2 => "the first bytes are no HTTP/2 preface".to_owned(),
        Body::Foreign { meaning, .. } => meaning.clone(),
    };
    if frame.end_stream {
        if !text.is_empty() {
            text.push_str(", ");
        }
        text.push_str(match frame.direction {
            Direction::ToServer => "END_STREAM: half-close",
            Direction::ToClient => "END_STREAM: end",
        });
    }
    text
}

fn data(parts: &[Part]) -> String {
    match parts {
        [] => "no message".to_owned(),
        [Part::Whole(prefix)] => format!("1 message: {}", prefix_words(*prefix)),
        [Part::Begins(prefix, here)] => format!(
            "a message begins: {}, {} here",
            prefix_words(*prefix),
            grouped(u64::from(*here))
        ),
        [Part::GoesOn { seen, of }] => {
            format!(
                "goes on, {} of {}",
                grouped(u64::from(*seen)),
                grouped(u64::from(*of))
            )
        }
        [Part::Ends(prefix)] => format!("a message ends: {}", prefix_words(*prefix)),
        [Part::CutPrefix] => "a message's prefix begins".to_owned(),
        [Part::Unread(bytes)] => format!(
            "{} bytes of a stream that has ended",
            grouped(u64::from(*bytes))
        ),
        many => several(many),
    }
}

/// The five bytes before a message, read: 1 of flag, 4 of length.
fn prefix_words(prefix: Prefix) -> String {
    let length = grouped(u64::from(prefix.length));
    format!("flag {}, length {length}", prefix.flag)
}

fn several(parts: &[Part]) -> String {
    let whole = parts
        .iter()
        .filter(|part| matches!(part, Part::Whole(_)))
        .count();
    let bytes: u64 = parts
        .iter()
        .filter_map(|part| match part {
            Part::Whole(prefix) => Some(u64::from(prefix.length) + 5),
            _ => None,
        })
        .sum();
    let mut text = String::new();
    if matches!(parts.first(), Some(Part::Ends(_) | Part::GoesOn { .. })) {
        text.push_str("one ends, ");
    }
    let s = if whole == 1 { "" } else { "s" };
    let _ = write!(
        text,
        "{} message{s}, {} bytes",
        grouped(length_of(whole)),
        grouped(bytes)
    );
    if matches!(parts.last(), Some(Part::Begins(..) | Part::CutPrefix)) {
        text.push_str(", one begins");
    }
    text
}

/// The fields that a reader of a lesson needs, in an order that does not depend on the sender's.
fn headers(headers: &Headers) -> String {
    let value = |name: &str| headers.value(name);
    let mut said = Vec::new();
    if let (Some(method), Some(path)) = (value(":method"), value(":path")) {
        said.push(format!("{method} {path}"));
    }
    if let Some(status) = value(":status") {
        said.push(format!("HTTP {status}"));
    }
    // Every request of a lesson is application/grpc; a reply may come from anything.
    let worth_saying = |kind: &&str| *kind != "application/grpc" || value(":status").is_some();
    if let Some(kind) = value("content-type").filter(worth_saying) {
        said.push(kind.to_owned());
    }
    for name in ["grpc-timeout", "grpc-encoding"] {
        if let Some(value) = value(name) {
            said.push(format!("{name} {value}"));
        }
    }
    if let Some(status) = value("grpc-status") {
        said.push(format!("grpc-status {status} {}", status_code(status)));
    }
    if let Some(message) = value("grpc-message") {
        said.push(quoted(&percent_decoded(message)));
    }
    if headers.mostly_repeats {
        said.push("less than half the first one's size: HPACK".to_owned());
    }
    said.join(", ")
}

/// A text of the peer's, cut where it is too long to be read in a transcript.
fn quoted(text: &str) -> String {
    /// About five lines of a transcript.
    const LONGEST: usize = 200;
    const BEGINNING: usize = 20;
    if text.chars().count() <= LONGEST {
        return format!("\"{text}\"");
    }
    let beginning: String = text.chars().take(BEGINNING).collect();
    format!(
        "\"{beginning}…\" ({} bytes)",
        grouped(length_of(text.len()))
    )
}

fn settings(values: &[(u16, u32)]) -> String {
    let named: Vec<String> = values
        .iter()
        .map(|(identifier, value)| format!("{}={value}", setting(*identifier)))
        .collect();
    if named.is_empty() {
        "all at their defaults".to_owned()
    } else {
        named.join(" ")
    }
}

fn go_away(last: u32, code: u32, debug: &str) -> String {
    let mut text = format!("{}, last stream {last}", error_code(code));
    if last == 0x7fff_ffff {
        text = format!("{}, open no new streams", error_code(code));
    }
    if !debug.is_empty() {
        let _ = write!(text, ", \"{debug}\"");
    }
    text
}

fn length_of(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
