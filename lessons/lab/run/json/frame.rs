//! Frames as JSON.

use super::writer::{By, Object, ToJson};
use crate::wire::{Body, Direction, Field, Frame, Headers, Part, Prefix};

/// Header fields that differ from run to run, or from version to version of the stack.
const VARYING: [&str; 2] = ["date", "user-agent"];

impl ToJson for Frame {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("direction", &self.direction)
            .with("stream", &self.stream)
            .with("end_stream", &self.end_stream)
            .with("body", &self.body)
            .end();
    }
}

impl ToJson for Direction {
    fn to_json(&self, out: &mut String) {
        let name = match self {
            Self::ToServer => "to_server",
            Self::ToClient => "to_client",
        };
        name.to_json(out);
    }
}

impl ToJson for Body {
    fn to_json(&self, out: &mut String) {
        let named = |out, name, value: &dyn Fn(&mut String)| {
            Object::begin(out).with(name, &By(value)).end();
        };
        match self {
            Self::Preface => "preface".to_json(out),
            Self::HeadersBegin => "headers_begin".to_json(out),
            Self::Priority => "priority".to_json(out),
            Self::SettingsAck => "settings_ack".to_json(out),
            Self::NotHttp2 => "not_http2".to_json(out),
            Self::Data { flow, parts } => named(out, "data", &|out| {
                let object = Object::begin(out).with("flow", flow);
                object.with("parts", parts).end();
            }),
            Self::Headers(headers) => named(out, "headers", &|out| headers.to_json(out)),
            Self::Reset(code) => named(out, "reset", &|out| code.to_json(out)),
            Self::Settings(values) => named(out, "settings", &|out| values.to_json(out)),
            Self::Ping { ack } => named(out, "ping", &|out| {
                Object::begin(out).with("ack", ack).end();
            }),
            Self::GoAway { last, code, debug } => named(out, "go_away", &|out| {
                let object = Object::begin(out).with("last", last);
                object.with("code", code).with("debug", debug).end();
            }),
            Self::WindowUpdate(size) => named(out, "window_update", &|out| size.to_json(out)),
            Self::Unknown { kind, length } => named(out, "unknown", &|out| {
                let object = Object::begin(out).with("kind", kind);
                object.with("length", length).end();
            }),
            Self::Foreign {
                kind,
                meaning,
                length,
            } => named(out, "foreign", &|out| {
                let object = Object::begin(out).with("kind", kind);
                object.with("meaning", meaning).with("length", length).end();
            }),
            Self::Malformed(reason) => named(out, "malformed", &|out| reason.to_json(out)),
        }
    }
}

impl ToJson for Headers {
    fn to_json(&self, out: &mut String) {
        let same = |field: &&Field| !VARYING.contains(&field.name.as_str());
        let fields: Vec<&Field> = self.fields.iter().filter(same).collect();
        Object::begin(out)
            .with("fields", &fields)
            .with("mostly_repeats", &self.mostly_repeats)
            .end();
    }
}

impl ToJson for &Field {
    fn to_json(&self, out: &mut String) {
        let object = Object::begin(out).with("name", &self.name);
        object.with("value", &self.value).end();
    }
}

impl ToJson for Part {
    fn to_json(&self, out: &mut String) {
        if let Self::CutPrefix = self {
            return "cut_prefix".to_json(out);
        }
        let object = Object::begin(out);
        match self {
            Self::Whole(prefix) => object.with("whole", prefix),
            Self::Begins(prefix, here) => object.with("begins", &(*prefix, *here)),
            Self::GoesOn { seen, of } => object.with(
                "goes_on",
                &By(|out: &mut String| {
                    Object::begin(out).with("seen", seen).with("of", of).end();
                }),
            ),
            Self::Ends(prefix) => object.with("ends", prefix),
            Self::Unread(bytes) => object.with("unread", bytes),
            Self::CutPrefix => object,
        }
        .end();
    }
}

impl ToJson for Prefix {
    fn to_json(&self, out: &mut String) {
        let object = Object::begin(out).with("flag", &self.flag);
        object.with("length", &self.length).end();
    }
}
