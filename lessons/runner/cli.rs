//! The command line.

use std::io::{self, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use progress::Log;

use crate::all::{self, Shown};
use crate::context::{Context, Done, Failure, SUCCESS, USAGE};
use crate::course::Course;
use crate::style::Style;
use crate::{book, call, check, class, exercise, help, home, list, watch};

/// Where this package is, below the repository's root.
const HERE: &str = env!("CARGO_MANIFEST_DIR");

const EXIT_CODES: &str = "\
A LESSON is 4, 04, lesson04 or 04_bidi_streaming. Where you may leave it out, it
is the one that you turned to last.

Exit codes: 0; 1 when a check finds something or a command cannot be carried
out; 2 for a bad command line; 130 when a signal ended it. `call` has grpcurl's.

Colour only on a terminal, and never with NO_COLOR.";

const CALL: &str = "\
Call a server as grpcurl does, if you cannot install that

  call -plaintext 127.0.0.1:50051 list
  call -plaintext -d '{\"name\":\"Ada\"}' \\
      127.0.0.1:50051 greeter.v1.GreeterService/SayHi

It has `list`, calls of all four kinds, and these flags of grpcurl's:
  -plaintext       required, because the lessons use no TLS
  -d DATA          the messages as JSON, one after the other
  -d @             the same from standard input, each sent as it is typed
  -H 'name: value' metadata
  -max-time N      give up after N seconds
  -emit-defaults   print fields that have their default value as well
The exit code is grpcurl's: 64 plus the status code, 1 when no call was made, 2
for words that grpcurl does not understand.";

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
    /// Columns of a line; otherwise the terminal's
    #[arg(long, hide = true, global = true, value_name = "COLUMNS")]
    width: Option<usize>,
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
        /// `watch` shows the grid, and has room for so many rows
        #[arg(long, hide = true, requires = "all", value_name = "ROWS")]
        within: Option<usize>,
    },
    /// Build and grade whenever you save
    Watch {
        /// 4, 04, lesson04 or its folder's name; without it, where you are
        lesson: Option<String>,
        /// Read the file repeatedly where the system does not report saves
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
    /// List all lessons, or the files of one
    List {
        /// 4, 04, lesson04 or its folder's name; without it, all lessons
        lesson: Option<String>,
    },
    /// Serve the book with mdBook
    Book {
        /// The port on this machine
        #[arg(long, default_value_t = 3000)]
        port: u16,
        /// Open it in the browser
        #[arg(long)]
        open: bool,
    },
    /// Show what teacher and students type in a class
    Class {
        /// 4, 04, lesson04 or its folder's name; without it, where you are
        lesson: Option<String>,
        /// Where the server is reached; without it, this machine
        #[arg(long)]
        addr: Option<SocketAddr>,
    },
    /// Call a server as grpcurl does, if you cannot install that
    #[command(long_about = CALL)]
    Call {
        /// The words that grpcurl takes
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "WORDS"
        )]
        words: Vec<String>,
    },
    /// Print the frames between any gRPC client and its server
    #[command(disable_help_flag = true)]
    Tap {
        /// The server, and how to watch: `tap --help` lists it all
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "WORDS"
        )]
        words: Vec<String>,
    },
    /// Talk in a room of lesson 23's server
    #[command(disable_help_flag = true)]
    Chat {
        /// The room, your name and the server: `chat --help` lists it all
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
            help::print(&error);
            return ExitCode::from(if error.use_stderr() { USAGE } else { SUCCESS });
        }
    };
    let style = Style::of_stdout(arguments.plain, arguments.width);
    ExitCode::from(execute(arguments, style).unwrap_or_else(|failure| {
        let mut text = format!("error: {failure}\n");
        // In a log, an error stays one line.
        if io::stderr().is_terminal() {
            text = style.paragraphs(&text);
        }
        // Where standard error is closed, the exit code is all that can be told.
        let _ = write!(anstream::stderr(), "{text}");
        failure.code
    }))
}

fn execute(arguments: Arguments, style: Style) -> Done {
    let root = root(arguments.root.as_deref())?;
    let Some(command) = arguments.command else {
        return home::home(&context(&root, style)?);
    };
    // They need no course: they work from a folder that has only the programs.
    match &command {
        Command::Call { words } => return call::call(&root, words, style),
        Command::Tap { words } => return call::tap(&root, words, style),
        Command::Chat { words } => return call::chat(&root, words, style),
        _ => {}
    }
    let context = context(&root, style)?;
    match command {
        Command::Next { lesson } => home::next(&context, lesson.as_deref()),
        Command::Check {
            all: true, within, ..
        } => all::all(&context, within.map_or(Shown::ByItself, Shown::Within)),
        Command::Check { lesson, .. } => check::one(&context, lesson.as_deref()),
        Command::Watch { lesson, poll } => watch::watch(context, lesson.as_deref(), poll),
        Command::Hint { lesson, tier } => {
            exercise::hint(&context, lesson.as_deref(), usize::from(tier))
        }
        Command::Diff { lesson, spoil } => exercise::diff(&context, lesson.as_deref(), spoil),
        Command::Reset { lesson, yes } => exercise::reset(&context, &lesson, yes),
        Command::List { lesson } => list::list(&context, lesson.as_deref()),
        Command::Book { port, open } => book::book(&context, port, open),
        Command::Class { lesson, addr } => class::class(&context, lesson.as_deref(), addr),
        // Carried out above.
        Command::Call { .. } | Command::Tap { .. } | Command::Chat { .. } => Ok(SUCCESS),
    }
}

fn context(root: &Path, style: Style) -> Result<Context, Failure> {
    Ok(Context {
        course: Course::read(root)?,
        log: Log::of(root),
        style,
    })
}

/// The repository's root: where this program was built, unless `--root` names another.
fn root(said: Option<&Path>) -> Result<PathBuf, Failure> {
    let built = || Path::new(HERE).ancestors().nth(2);
    let root = said.or_else(built).unwrap_or(Path::new("."));
    std::path::absolute(root)
        .map_err(|error| Failure::usage(format!("{} is not a folder: {error}", root.display())))
}
