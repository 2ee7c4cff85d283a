//! The command line.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use workbook::progress::Log;

use crate::course::Course;
use crate::desk::{Desk, Done, Failure, WELL};
use crate::look::Look;
use crate::{all, around, call, check, exercise, home, watch};

/// Where this package is, below the repository's root.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

const EXIT_CODES: &str = "\
A LESSON is 4, 04, lesson04 or 04_bidi_streaming. Where you may leave it out, it
is the one that you turned to last.
Exit codes: 0; 1 when a check finds something or a thing cannot be done; 2 for a
bad command line; 130 when a signal ended it. `call` has grpcurl's.
Colour only on a terminal, and never with NO_COLOR.";

const CALL: &str = "\
Call a server as grpcurl does, for whoever cannot install it

  call -plaintext 127.0.0.1:50051 list
  call -plaintext -d '{\"name\":\"Ada\"}' \\
      127.0.0.1:50051 greeter.v1.GreeterService/SayHi

There are `list` and calls of all four kinds, and these of grpcurl's flags:
  -plaintext       the lessons speak no TLS, so it has to be there
  -d DATA          the messages, as JSON, one after the other
  -d @             the same from standard input, each sent as it is typed
  -H 'name: value' metadata
  -max-time N      give up after so many seconds
  -emit-defaults   print fields that have their default, too
The exit code is grpcurl's: 64 and the status code, 1 when there was no call, 2
for words that make no sense.";

/// The Streaming Workbook: one place to work from
#[derive(Parser)]
#[command(name = "cargo run --", bin_name = "cargo run --", after_help = EXIT_CODES)]
struct Arguments {
    /// Words in place of signs; no colour, no links, no motion
    #[arg(long, global = true)]
    plain: bool,
    /// The course is there, not where this program was built
    #[arg(long, hide = true, value_name = "FOLDER")]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Turn to the next lesson, and see what there is to do
    Next {
        /// Turn to this one instead: 4, 04, lesson04 or its folder's name
        lesson: Option<String>,
    },
    /// Build and grade an exercise
    Check {
        /// 4, 04, lesson04 or its folder's name; without it, where you are
        lesson: Option<String>,
        /// Grade every exercise that you have begun
        #[arg(long, conflicts_with = "lesson")]
        all: bool,
    },
    /// Build and grade whenever you save
    Watch {
        /// 4, 04, lesson04 or its folder's name; without it, where you are
        lesson: Option<String>,
        /// Look at the file, do not wait for the system to report a save
        #[arg(long)]
        poll: bool,
    },
    /// Show a hint
    Hint {
        /// 4, 04, lesson04 or its folder's name; without it, where you are
        lesson: Option<String>,
        /// 1 is a nudge, 2 a pointer, 3 nearly the answer
        #[arg(long, default_value_t = 1, value_name = "1-3",
              value_parser = clap::value_parser!(u8).range(1..=3))]
        tier: u8,
    },
    /// Compare your answer with the solution, once it passes
    Diff {
        /// 4, 04, lesson04 or its folder's name; without it, where you are
        lesson: Option<String>,
        /// Even if it does not pass yet
        #[arg(long)]
        spoil: bool,
    },
    /// Put an exercise back to its starter; your version is kept beside it
    Reset {
        /// 4, 04, lesson04 or its folder's name
        lesson: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// List every lesson's files
    List,
    /// Serve the book with mdBook
    Book {
        /// Where on this machine
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Open it in the browser
        #[arg(long)]
        open: bool,
    },
    /// Show what teacher and students type in a class
    Class {
        /// 4, 04, lesson04 or its folder's name
        lesson: String,
        /// Where the server is reached; without it, this machine
        #[arg(long)]
        addr: Option<SocketAddr>,
    },
    /// Call a server as grpcurl does, for whoever cannot install it
    #[command(long_about = CALL)]
    Call {
        /// What grpcurl would be given
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "WORDS"
        )]
        words: Vec<String>,
    },
}

/// Reads the command line and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where even standard error is closed there is nobody to tell.
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { WELL });
        }
    };
    ExitCode::from(obey(arguments).unwrap_or_else(|failure| {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(anstream::stderr(), "error: {failure}");
        failure.code
    }))
}

fn obey(arguments: Arguments) -> Done {
    let look = Look::of_stdout(arguments.plain);
    if let Some(Command::Call { words }) = arguments.command {
        if words.is_empty() {
            return Err(Failure::usage(
                "what would grpcurl be given? `cargo run -- call --help` shows what there is.",
            ));
        }
        let (mut out, mut err) = (io::stdout(), io::stderr());
        return Ok(call::run(&words, io::stdin(), &mut out, &mut err));
    }
    let root = root(arguments.root.as_deref())?;
    let desk = Desk {
        course: Course::read(&root)?,
        log: Log::of(&root),
        look,
    };
    match arguments.command {
        None => home::home(&desk),
        Some(Command::Next { lesson }) => home::next(&desk, lesson.as_deref()),
        Some(Command::Check { all: true, .. }) => all::all(&desk),
        Some(Command::Check { lesson, .. }) => check::one(&desk, lesson.as_deref()),
        Some(Command::Watch { lesson, poll }) => watch::watch(desk, lesson.as_deref(), poll),
        Some(Command::Hint { lesson, tier }) => {
            exercise::hint(&desk, lesson.as_deref(), usize::from(tier))
        }
        Some(Command::Diff { lesson, spoil }) => exercise::diff(&desk, lesson.as_deref(), spoil),
        Some(Command::Reset { lesson, yes }) => exercise::reset(&desk, &lesson, yes),
        Some(Command::List) => around::list(&desk),
        Some(Command::Book { port, open }) => around::book(&desk, port, open),
        Some(Command::Class { lesson, addr }) => around::class(&desk, &lesson, addr),
        // It needs no course, and was obeyed above.
        Some(Command::Call { .. }) => Ok(WELL),
    }
}

/// The repository's root: where it was built, unless somebody says another.
fn root(said: Option<&Path>) -> Result<PathBuf, Failure> {
    let built = || Path::new(HERE).ancestors().nth(2);
    let root = said.or_else(built).unwrap_or(Path::new("."));
    std::path::absolute(root)
        .map_err(|error| Failure::usage(format!("{} is no folder: {error}", root.display())))
}
