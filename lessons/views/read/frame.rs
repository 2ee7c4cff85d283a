//! Frames from JSON.

use serde_json::Value;
use streaming_lab::wire::{Body, Direction, Field, Frame, Headers, Part, Prefix};

use super::value::{Object, Unreadable, list, number, pair, text, variant};

pub(super) fn frame(object: &Object<'_>) -> Result<Frame, Unreadable> {
    Ok(Frame {
        direction: direction(object.get("direction")?)?,
        stream: object.number("stream")?,
        end_stream: object.flag("end_stream")?,
        body: body(object.get("body")?)?,
    })
}

pub(super) fn direction(value: &Value) -> Result<Direction, Unreadable> {
    match text(value)? {
        "to_server" => Ok(Direction::ToServer),
        "to_client" => Ok(Direction::ToClient),
        other => Err(format!("no direction is called {other}")),
    }
}

fn body(value: &Value) -> Result<Body, Unreadable> {
    let (name, value) = variant(value)?;
    Ok(match name {
        "preface" => Body::Preface,
        "headers_begin" => Body::HeadersBegin,
        "priority" => Body::Priority,
        "settings_ack" => Body::SettingsAck,
        "not_http2" => Body::NotHttp2,
        "data" => {
            let object = Object::of(value)?;
            let parts = object.list("parts")?.iter().map(part);
            Body::Data {
                flow: object.number("flow")?,
                parts: parts.collect::<Result<_, _>>()?,
            }
        }
        "headers" => Body::Headers(headers(&Object::of(value)?)?),
        "reset" => Body::Reset(number(value)?),
        "settings" => {
            let values = list(value)?.iter().map(|value| {
                let (identifier, value) = pair(value)?;
                Ok((number(identifier)?, number(value)?))
            });
            Body::Settings(values.collect::<Result<_, Unreadable>>()?)
        }
        "ping" => Body::Ping {
            ack: Object::of(value)?.flag("ack")?,
        },
        "go_away" => {
            let object = Object::of(value)?;
            Body::GoAway {
                last: object.number("last")?,
                code: object.number("code")?,
                debug: object.text("debug")?.to_owned(),
            }
        }
        "window_update" => Body::WindowUpdate(number(value)?),
        "unknown" => {
            let object = Object::of(value)?;
            Body::Unknown {
                kind: object.number("kind")?,
                length: object.number("length")?,
            }
        }
        "foreign" => {
            let object = Object::of(value)?;
            Body::Foreign {
                kind: object.text("kind")?.to_owned(),
                meaning: object.text("meaning")?.to_owned(),
                length: object.number("length")?,
            }
        }
        "malformed" => Body::Malformed(text(value)?.to_owned()),
        other => return Err(format!("no frame is called {other}")),
    })
}

fn headers(object: &Object<'_>) -> Result<Headers, Unreadable> {
    let fields = object.list("fields")?.iter().map(|value| {
        let field = Object::of(value)?;
        Ok(Field {
            name: field.text("name")?.to_owned(),
            value: field.text("value")?.to_owned(),
        })
    });
    Ok(Headers {
        fields: fields.collect::<Result<_, Unreadable>>()?,
        mostly_repeats: object.flag("mostly_repeats")?,
    })
}

fn part(value: &Value) -> Result<Part, Unreadable> {
    let (name, value) = variant(value)?;
    Ok(match name {
        "whole" => Part::Whole(prefix(value)?),
        "begins" => {
            let (before, here) = pair(value)?;
            Part::Begins(prefix(before)?, number(here)?)
        }
        "goes_on" => {
            let object = Object::of(value)?;
            Part::GoesOn {
                seen: object.number("seen")?,
                of: object.number("of")?,
            }
        }
        "ends" => Part::Ends(prefix(value)?),
        "cut_prefix" => Part::CutPrefix,
        "unread" => Part::Unread(number(value)?),
        other => return Err(format!("no part of a message is called {other}")),
    })
}

fn prefix(value: &Value) -> Result<Prefix, Unreadable> {
    let object = Object::of(value)?;
    Ok(Prefix {
        flag: object.number("flag")?,
        length: object.number("length")?,
    })
}
