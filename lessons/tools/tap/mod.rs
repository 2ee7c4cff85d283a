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
mod relay;
mod serve;
mod statistics;
mod teller;
mod types;
mod watcher;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;

pub use diagnosis::{Suspect, suspect};
pub use relay::{Ended, HELD, Source, pump, relay};
pub use teller::Shown;
pub use watcher::Watcher;

/// The exit code for words that make no sense, as clap's.
const USAGE: u8 = 2;

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where the output is closed, the exit code is all that can be told.
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(USAGE)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match serve::serve(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let _ = writeln!(anstream::stderr(), "error: {why}");
            ExitCode::FAILURE
        }
    }
}
