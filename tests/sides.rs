//! The book's table of ends: every way in which a call can end, and what the wire, the server and the
//! client see of it. Each row is a run.

mod by_client;
mod by_server;
mod service;

use std::sync::{Arc, Mutex, PoisonError};

use tonic::Status;
use workbook::lab::Lab;
use workbook::run::What;
use workbook::wire::{Body, Direction, Frame, error_code, status_code};

use crate::support::snapshot;

/// What was seen, in the order in which it was.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn add(&self, note: impl Into<String>) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.push(note.into());
    }

    fn all(&self) -> String {
        let notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.is_empty() {
            "nothing".to_owned()
        } else {
            notes.join(", then ")
        }
    }
}

/// Plays one way to end a call, and gives its row of the table.
fn row<F: Future<Output = String>>(how: &str, play: fn(Lab, Notes) -> F) -> String {
    let (wire, server) = (Notes::default(), Notes::default());
    let (frames, seen) = (wire.clone(), server.clone());
    let lab = Lab::watched(move |event| {
        if let What::Frame { frame, .. } = &event.what {
            frames.add_end(frame);
        }
    });
    let client = lab.run(async |lab| play(lab, seen).await);
    format!("| {how} | {} | {} | {client} |\n", wire.all(), server.all())
}

impl Notes {
    /// Notes the frames that end something.
    fn add_end(&self, frame: &Frame) {
        let arrow = match frame.direction {
            Direction::ToServer => "→",
            Direction::ToClient => "←",
        };
        match &frame.body {
            Body::Reset(code) => self.add(format!("{arrow} RST_STREAM {}", error_code(*code))),
            Body::Headers(fields) if frame.end_stream => {
                let code = fields.value("grpc-status").unwrap_or("none");
                self.add(format!("{arrow} grpc-status {code} {}", status_code(code)));
            }
            _ if frame.end_stream => self.add(format!("{arrow} END_STREAM")),
            _ => {}
        }
    }
}

/// A read's result, as the table has it.
fn said<T>(read: &Result<Option<T>, Status>) -> String {
    match read {
        Ok(Some(_)) => "a message".to_owned(),
        Ok(None) => "`Ok(None)`".to_owned(),
        Err(status) => failed(status),
    }
}

/// What hyper says of a ping that was not answered in time.
const TIMED_OUT: &str = "keep-alive timed out";

fn failed(status: &Status) -> String {
    let message = status.message();
    let mut text = format!("`Err({:?})`, \"{message}\"", status.code());
    // tonic hides the reason behind the message: it is the innermost source.
    let mut source = std::error::Error::source(status);
    while let Some(error) = source {
        if error.to_string() == TIMED_OUT {
            text.push_str(&format!(" (source: \"{TIMED_OUT}\")"));
        }
        source = error.source();
    }
    text
}

#[test]
fn what_each_side_sees_when_the_client_ends_the_call() {
    let rows = by_client::rows();
    snapshot("sides.by_client", &(HEAD.to_owned() + &rows));
}

#[test]
fn what_each_side_sees_when_the_server_ends_the_call() {
    let rows = by_server::rows();
    snapshot("sides.by_server", &(HEAD.to_owned() + &rows));
}

const HEAD: &str =
    "| what happens | on the wire | the server sees | the client sees |\n|---|---|---|---|\n";
