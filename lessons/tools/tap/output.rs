//! Where the tap prints. A write to a terminal or a pipe costs more than all the rest that is done for a
//! frame, so rows are gathered while bytes pass, and written as soon as nothing else is ready.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice};

/// So much is gathered at most, also while there is no end of bytes that pass.
const GATHERED: usize = 64 * 1024;

/// What is printed to, and whether with colours.
pub struct Output {
    out: Box<dyn Write + Send>,
    pub(super) colours: bool,
}

impl Output {
    /// Without colours.
    #[must_use]
    pub fn plain(out: impl Write + Send + 'static) -> Self {
        Self {
            out: Box::new(out),
            colours: false,
        }
    }

    /// Standard output; with colours where they are wanted.
    #[must_use]
    pub(super) fn standard() -> Self {
        // anstream could leave the colours out as well, but it looks at every byte for that.
        match AutoStream::choice(&io::stdout()) {
            ColorChoice::Never => Self::plain(io::stdout()),
            _ => Self {
                out: Box::new(anstream::stdout()),
                colours: true,
            },
        }
    }
}

/// Rows on their way to an [`Output`]. To flush it does nothing: [`Rows::write_out`] does.
#[derive(Clone)]
pub(super) struct Rows(Arc<Mutex<Gathered>>);

struct Gathered {
    out: Box<dyn Write + Send>,
    bytes: Vec<u8>,
    failed: Option<io::ErrorKind>,
}

impl Rows {
    pub(super) fn to(output: Output) -> Self {
        Self(Arc::new(Mutex::new(Gathered {
            out: output.out,
            bytes: Vec::new(),
            failed: None,
        })))
    }

    /// Writes what has been gathered.
    ///
    /// # Errors
    /// When that fails, or has failed before.
    pub(super) fn write_out(&self) -> io::Result<()> {
        self.lock().write_out()
    }

    fn lock(&self) -> MutexGuard<'_, Gathered> {
        // A panic while it was locked leaves rows that can still be written.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Rows {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut gathered = self.lock();
        gathered.bytes.extend_from_slice(bytes);
        if gathered.bytes.len() > GATHERED {
            gathered.write_out()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Gathered {
    fn write_out(&mut self) -> io::Result<()> {
        if let Some(failed) = self.failed {
            self.bytes.clear();
            return Err(failed.into());
        }
        if self.bytes.is_empty() {
            return Ok(());
        }
        let written = self
            .out
            .write_all(&self.bytes)
            .and_then(|()| self.out.flush());
        self.bytes.clear();
        self.failed = written.as_ref().err().map(io::Error::kind);
        written
    }
}
