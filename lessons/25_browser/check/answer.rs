//! An answer that the exercise reads, and what it has given so far.

use tonic::codegen::http::HeaderMap;
use tonic::{Code, Status};
use workbook::grade::{Finding, Verdict, count, ended, ensure, shown};

use super::body::{Messages, text};
use super::{Event, Reads, Subject};

pub struct Answer {
    reader: Option<Box<dyn Reads>>,
    events: Vec<Event>,
}

impl Answer {
    pub fn new(reader: Subject, headers: &HeaderMap) -> Self {
        Self {
            reader: Some(reader(headers)),
            events: Vec::new(),
        }
    }

    /// An answer in the binary form.
    pub fn binary(reader: Subject) -> Self {
        Self::new(reader, &text("application/grpc-web+proto"))
    }

    /// The bytes arrive, in chunks of that size.
    pub fn comes(&mut self, bytes: &[u8], size: usize) {
        if let Some(reader) = &mut self.reader {
            for chunk in bytes.chunks(size) {
                self.events.extend(reader.push(chunk));
            }
        }
    }

    /// How many messages it has given.
    pub fn messages(&self) -> usize {
        let is_message = |event: &&Event| matches!(event, Event::Message(_));
        self.events.iter().filter(is_message).count()
    }

    /// Expects these messages, and no other.
    pub fn has(&self, sent: &Messages) -> Verdict {
        count(self.messages(), "messages").is(sent.0.len())?;
        let given = self.events.iter().filter_map(|event| match event {
            Event::Message(bytes) => Some(bytes),
            Event::End(_) => None,
        });
        for (index, (given, sent)) in given.zip(&sent.0).enumerate() {
            ensure(given == sent, || {
                format!("message {} is not what was sent", index + 1)
            })?;
        }
        Ok(())
    }

    /// Expects that the call has ended, before the body has.
    pub fn has_ended_with(&self, code: Code) -> Verdict {
        match self.events.last() {
            Some(Event::End(status)) => ensure(status.code() == code, || {
                format!("it ended with {}, and not with {code:?}", shown(status))
            }),
            Some(Event::Message(_)) => Err(Finding::seen("it was given as a message")),
            None => Err(Finding::seen("nothing was given, and it waits for more")),
        }
    }

    /// Expects that the call has not ended.
    pub fn goes_on(&self) -> Verdict {
        match self.events.last() {
            Some(Event::End(status)) => Err(Finding::seen(format!(
                "a frame of exactly that length ended with {}",
                shown(status)
            ))),
            _ => Ok(()),
        }
    }

    /// The body ends. Expects that status, with its details and metadata.
    pub fn ended_as_sent(&mut self, sent: &Status) -> Verdict {
        self.ended_with(sent)?;
        match self.events.last() {
            Some(Event::End(status)) => ended(&Err::<(), _>(status.clone())).as_sent(sent),
            _ => Err(Finding::seen("there is no end")),
        }
    }

    /// The body ends. Expects one end of the call, with that status, behind everything else; the message
    /// of an Unknown is the exercise's own.
    pub fn ended_with(&mut self, expected: &Status) -> Verdict {
        if let Some(reader) = self.reader.take() {
            self.events.extend(reader.end());
        }
        let ends = self.events.iter().filter_map(|event| match event {
            Event::End(status) => Some(status),
            Event::Message(_) => None,
        });
        let ends: Vec<&Status> = ends.collect();
        count(ends.len(), "ends of the call").is(1)?;
        let is_own = expected.code() == Code::Unknown;
        let is_same = ends[0].code() == expected.code()
            && (is_own || ends[0].message() == expected.message());
        ensure(is_same, || {
            format!(
                "it ended with {} instead of {}",
                shown(ends[0]),
                shown(expected)
            )
        })?;
        ensure(
            matches!(self.events.last(), Some(Event::End(_))),
            || "a message came behind the end",
        )
    }
}
