//! How far a transfer is, on one line of a terminal.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU64, Ordering};

use tonic::Status;

use super::source::Progress;

/// The line. It is written to standard error, and only to a terminal.
pub struct Line {
    name: String,
    size: AtomicU64,
    shown: bool,
}

impl Line {
    pub fn of(name: &str, size: u64) -> Self {
        Self {
            name: name.to_owned(),
            size: AtomicU64::new(size),
            shown: io::stderr().is_terminal(),
        }
    }

    fn show(&self, text: &str) {
        if self.shown {
            // Erases what a longer text has left. A terminal that is gone needs no progress.
            let _ = write!(io::stderr(), "\r\x1b[K{text}").and_then(|()| io::stderr().flush());
        }
    }
}

impl Progress for Line {
    fn size(&self, bytes: u64) {
        self.size.store(bytes, Ordering::Relaxed);
    }

    fn held(&self, bytes: u64) {
        let size = self.size.load(Ordering::Relaxed);
        // 100 % is for a file that is stored. One that is only sent stops at 99.
        let percent = bytes
            .saturating_mul(100)
            .checked_div(size)
            .unwrap_or(0)
            .min(99);
        let (name, held, whole) = (&self.name, mebibytes(bytes), mebibytes(size));
        self.show(&format!("{name}  {percent} %  {held} of {whole} MiB"));
    }

    fn stored(&self, bytes: u64) {
        let (name, size) = (&self.name, mebibytes(bytes));
        self.show(&format!("{name}  100 %  {size} MiB\n"));
    }

    fn again(&self, failed: &Status) {
        let (code, reason) = (failed.code(), failed.message());
        self.show(&format!("{code:?}: {reason}\n"));
        self.show("calls again");
    }
}

fn mebibytes(bytes: u64) -> String {
    let tenths = bytes / (1024 * 1024 / 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}
