//! `tap`: stands between any gRPC client and its server, and prints the frames that pass.
//!
//! ```text
//!                     relay (16 KiB each way)
//! client ◄──────────────────────┬──────────────────────► server
//!                               ▼
//!            watcher ── streaming_lab::wire ── calls, diagnosis, statistics
//!                               ▼
//!            teller ── streaming_lab::run ── transcript or JSON, as a lesson's
//! ```
//!
//! The relay knows nothing of HTTP/2, so that what cannot be read is passed on like everything else.
//! The watcher sees a copy of the bytes, and can neither change nor reorder them.

mod arguments;
mod calls;
mod diagnosis;
mod messages;
mod output;
#[cfg(feature = "tls")]
mod refusal;
mod relay;
mod serve;
mod server;
mod signals;
mod spoken;
mod statistics;
mod teller;
#[cfg(feature = "tls")]
mod tls;
mod types;
mod watcher;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;

pub use diagnosis::{SUSPECTS, Suspect, suspect};
pub use output::Output;
pub use relay::{Ended, Gone, HELD, Source, Upstream, pump, relay};
pub use teller::Shown;
#[cfg(feature = "tls")]
pub use tls::Encrypted;
pub use watcher::Watcher;

/// The exit code for words that make no sense, as clap's.
const USAGE: u8 = 2;

/// Why there was nothing to watch.
#[derive(Debug)]
pub enum Refused {
    /// The words make no sense, or ask for help.
    Words(Box<clap::Error>),
    /// It cannot be done, for this reason.
    Place(String),
}

/// Does what these words say, until `until` resolves. The first word is the program's own name.
///
/// # Errors
/// [`Refused`] when the words make no sense, when the address cannot be listened on, or when the
/// server is not there.
pub fn run(
    words: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    output: Output,
    until: impl Future<Output = io::Result<()>>,
) -> Result<(), Refused> {
    let arguments = Arguments::try_parse_from(words)
        .and_then(Arguments::checked)
        .map_err(|error| Refused::Words(Box::new(error)))?;
    serve::serve(&arguments, output, until).map_err(Refused::Place)
}

/// The tap as a program: it ends with Ctrl-C.
#[must_use]
pub fn main() -> ExitCode {
    // Where an output is closed, the exit code is all that can be told.
    match run(std::env::args_os(), Output::standard(), signals::ctrl_c()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Refused::Words(error)) => {
            let _ = error.print();
            ExitCode::from(if error.use_stderr() { USAGE } else { 0 })
        }
        Err(Refused::Place(why)) => {
            let _ = writeln!(anstream::stderr(), "error: {why}");
            ExitCode::FAILURE
        }
    }
}
