//! Notes as JSON: a stall with the calls that are open and what is alive, a panic, a cut.

use std::time::Duration;

use super::super::event::Note;
use super::super::stall::{Census, OpenCall, Stall};
use super::writer::{Object, ToJson};
use crate::wire::{Half, Stream};

impl ToJson for Note {
    fn to_json(&self, out: &mut String) {
        let object = Object::begin(out);
        match self {
            Self::Stall(stall) => object.with("stall", stall),
            Self::Panic(message) => object.with("panic", message),
            Self::Cut(seconds) => object.with("cut", seconds),
            Self::LabOnly(reason) => object.with("lab_only", reason),
        }
        .end();
    }
}

impl ToJson for Stall {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("lasted", &self.lasted)
            .with("ticking", &self.ticking)
            .with("open_calls", &self.open_calls.0)
            .with("alive", &self.alive)
            .end();
    }
}

impl ToJson for Duration {
    fn to_json(&self, out: &mut String) {
        let object = Object::begin(out).with("secs", &self.as_secs());
        object.with("nanos", &self.subsec_nanos()).end();
    }
}

impl ToJson for OpenCall {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("connection", &self.connection)
            .with("among_others", &self.among_others)
            .with("stream", &self.stream)
            .end();
    }
}

impl ToJson for Census {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("tasks", &self.tasks)
            .with("handlers", &self.handlers)
            .with("streams", &self.streams)
            .end();
    }
}

impl ToJson for Stream {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("path", &self.path)
            .with("request", &self.request)
            .with("response", &self.response)
            .with("reset", &self.reset)
            .end();
    }
}

impl ToJson for Half {
    fn to_json(&self, out: &mut String) {
        Object::begin(out)
            .with("headers", &self.headers)
            .with("messages", &self.messages)
            .with("ended", &self.ended)
            .with("window", &self.window)
            .end();
    }
}
