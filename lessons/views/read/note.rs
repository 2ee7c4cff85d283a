//! Notes from JSON.

use std::time::Duration;

use serde_json::Value;
use streaming_lab::run::{Census, Note, OpenCall, OpenCalls, Stall};
use streaming_lab::wire::{Half, Stream};

use super::connection;
use super::frame::direction;
use super::value::{Object, Unreadable, number, pair, text, variant};

pub(super) fn note(value: &Value) -> Result<Note, Unreadable> {
    let (name, value) = variant(value)?;
    Ok(match name {
        "stall" => Note::Stall(stall(&Object::of(value)?)?),
        "panic" => Note::Panic(text(value)?.to_owned()),
        "cut" => Note::Cut(
            value
                .as_f64()
                .ok_or_else(|| format!("{value} is no number"))?,
        ),
        "lab_only" => Note::LabOnly(text(value)?.to_owned()),
        other => return Err(format!("no note is called {other}")),
    })
}

fn stall(object: &Object<'_>) -> Result<Stall, Unreadable> {
    let lasted = object.object("lasted")?;
    let alive = object.object("alive")?;
    let open_calls = object.list("open_calls")?.iter().map(open_call);
    Ok(Stall {
        lasted: Duration::new(lasted.number("secs")?, lasted.number("nanos")?),
        ticking: object.flag("ticking")?,
        open_calls: OpenCalls(open_calls.collect::<Result<_, _>>()?),
        alive: Census {
            tasks: alive.number("tasks")?,
            handlers: alive.number("handlers")?,
            streams: alive.number("streams")?,
        },
    })
}

fn open_call(value: &Value) -> Result<OpenCall, Unreadable> {
    let object = Object::of(value)?;
    let stream = object.object("stream")?;
    let reset = stream.get("reset")?;
    Ok(OpenCall {
        connection: connection(&object.object("connection")?)?,
        among_others: object.flag("among_others")?,
        stream: Stream {
            path: stream.text("path")?.to_owned(),
            request: half(&stream.object("request")?)?,
            response: half(&stream.object("response")?)?,
            reset: if reset.is_null() {
                None
            } else {
                let (from, code) = pair(reset)?;
                Some((direction(from)?, number(code)?))
            },
        },
    })
}

fn half(object: &Object<'_>) -> Result<Half, Unreadable> {
    Ok(Half {
        headers: object.flag("headers")?,
        messages: object.number("messages")?,
        ended: object.flag("ended")?,
        window: object.number("window")?,
    })
}
