//! The exercise, as its check uses it.

use super::check::{Reads, Subject};
use super::event::Event;
use super::exercise::Reader;

pub const SUBJECT: Subject = |headers| Box::new(Reader::new(headers));

impl Reads for Reader {
    fn push(&mut self, chunk: &[u8]) -> Vec<Event> {
        self.push(chunk)
    }

    fn end(self: Box<Self>) -> Option<Event> {
        (*self).end()
    }
}
