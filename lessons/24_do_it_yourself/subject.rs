//! The exercise, as its check uses it.

use std::io;

use futures::future::BoxFuture;
use tokio_util::bytes::Bytes;

use super::check::{Reads, Subject, Writes};
use super::exercise::{Reader, Writer};
use super::frame::Code;

pub const SUBJECT: Subject = Subject {
    writer: |call, window, frames| Box::new(Writer::new(call, window, frames)),
    reader: |call, window, frames| Box::new(Reader::new(call, window, frames)),
};

impl Writes for Writer {
    fn write(&self, bytes: Bytes) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(self.write(bytes))
    }

    fn end(&self, code: Code) -> BoxFuture<'_, io::Result<()>> {
        Box::pin(self.end(code))
    }

    fn credit(&self, bytes: u32) {
        self.credit(bytes);
    }
}

impl Reads for Reader {
    fn received(&self, bytes: Bytes) -> io::Result<()> {
        self.received(bytes)
    }

    fn ended(&self) {
        self.ended();
    }

    fn read(&self) -> BoxFuture<'_, Option<Bytes>> {
        Box::pin(self.read())
    }
}
