//! cargo and the programs that it builds.
//!
//! cargo's own lines (`Compiling …`, `Finished …`) are not shown: the student has asked for a check
//! or a call, not for a build, and a build that has nothing to do takes no time. What is shown is
//! what the student has to act on, the compiler's warnings and errors, and, when a build takes
//! longer than a moment, one line that says what is being built and how far it is.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::context::{Context, Failure};
use crate::course::Lesson;
use crate::style::{Style, has_colour};

/// What to say when cargo did not come to build anything.
pub(crate) const NO_BUILD: &str =
    "cargo could not build anything, and says above why. Your progress is as it was.";

/// A build that takes longer than this is announced. Building one lesson again after a save takes
/// less.
const A_MOMENT: Duration = Duration::from_secs(2);
/// How often the announcement is brought up to date.
const TICK: Duration = Duration::from_millis(250);

/// The programs that a build made: name to path.
pub(crate) type Programs = BTreeMap<String, PathBuf>;

/// What cargo said of a build.
#[derive(Debug, Default)]
pub(crate) struct Build {
    /// Programs that do not compile are missing.
    pub programs: Programs,
    /// The compiler's warnings and errors.
    pub diagnostics: String,
    /// It came to its end, well or not. Otherwise cargo gave up before it built anything, which is
    /// no verdict on an exercise: a manifest, a lock file, a registry that cannot be reached.
    pub finished: bool,
}

/// `cargo build` of these programs, with the same selection of packages as `cargo run --bin`, so
/// that neither builds again what the other has built. It reports on standard output, one JSON
/// object a line.
pub(crate) fn build_command<'a>(
    root: &Path,
    programs: impl IntoIterator<Item = &'a str>,
) -> Command {
    // cargo says which cargo it is, so that a toolchain chosen with `+` stays chosen.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let format = if has_colour() {
        "json-diagnostic-rendered-ansi"
    } else {
        "json"
    };
    let mut command = Command::new(cargo);
    command
        .args(["build", "--quiet", "--message-format", format])
        .current_dir(root)
        .stdin(Stdio::null());
    for program in programs {
        command.args(["--bin", program]);
    }
    command
}

/// A lesson's own program.
pub(crate) fn lesson_command(root: &Path, program: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(words).current_dir(root).stdin(Stdio::null());
    command
}

/// What the command prints is captured, so it has to be told whether to use colours.
pub(crate) fn coloured(mut command: Command, colour: bool) -> Command {
    let (force, never) = if colour {
        ("CLICOLOR_FORCE", "NO_COLOR")
    } else {
        ("NO_COLOR", "CLICOLOR_FORCE")
    };
    command.env(force, "1").env_remove(never);
    command
}

/// Builds `what`, and shows on standard error what the student has to know of it. Programs that do
/// not compile are missing from the answer.
pub(crate) fn build(mut command: Command, what: &str, style: Style) -> Result<Programs, Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(cannot_start_cargo)?;
    let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
        return Err(Failure::because("cargo's output cannot be read."));
    };
    let compiled = Arc::new(AtomicUsize::new(0));
    let (sender, built) = mpsc::sync_channel(1);
    let count = Arc::clone(&compiled);
    // Both threads end with cargo.
    thread::spawn(move || {
        let build = messages(stdout, || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        // Received below, unless this program is ending.
        let _ = sender.send(build);
    });
    let complaints = thread::spawn(move || text_of(stderr));

    let mut announcement = Announcement::of(what, style);
    let mut pause = A_MOMENT;
    let build = loop {
        match built.recv_timeout(pause) {
            Ok(build) => break build,
            Err(RecvTimeoutError::Timeout) => announcement.show(compiled.load(Ordering::Relaxed)),
            Err(RecvTimeoutError::Disconnected) => break Build::default(),
        }
        pause = TICK;
    };
    child.wait().map_err(cannot_start_cargo)?;
    announcement.clear();
    let complaints = complaints.join().unwrap_or_default();
    // Where standard error is closed, the exit code is all that can be told.
    let _ = write!(anstream::stderr(), "{}{complaints}", build.diagnostics);
    if build.finished {
        Ok(build.programs)
    } else {
        Err(Failure::because(NO_BUILD))
    }
}

/// Builds one lesson; `None` when it does not compile, and cargo has said why.
pub(crate) fn build_lesson(context: &Context, lesson: &Lesson) -> Result<Option<PathBuf>, Failure> {
    let program = lesson.program();
    let command = build_command(context.course.root(), [program.as_str()]);
    let mut programs = build(command, &program, context.style)?;
    Ok(programs.remove(&program))
}

/// Reads cargo's messages to their end. `on_compiled` is called for each package that is ready.
pub(crate) fn messages(messages: impl Read, on_compiled: impl Fn()) -> Build {
    let lines = BufReader::new(messages).lines().map_while(Result::ok);
    let mut build = Build::default();
    for message in lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok()) {
        match message["reason"].as_str() {
            Some("build-finished") => build.finished = true,
            Some("compiler-message") => {
                let rendered = message["message"]["rendered"].as_str();
                build.diagnostics.push_str(rendered.unwrap_or_default());
            }
            Some("compiler-artifact") => {
                on_compiled();
                let (name, path) = (&message["target"]["name"], &message["executable"]);
                if let (Some(name), Some(path)) = (name.as_str(), path.as_str()) {
                    build.programs.insert(name.to_owned(), PathBuf::from(path));
                }
            }
            _ => {}
        }
    }
    build
}

/// The line that says that a build goes on. It rewrites itself on a terminal; there is none in a
/// log, and with `--plain` it is printed once.
struct Announcement<'a> {
    what: &'a str,
    moves: bool,
    is_wanted: bool,
    is_shown: bool,
}

impl<'a> Announcement<'a> {
    fn of(what: &'a str, style: Style) -> Self {
        Self {
            what,
            moves: !style.plain,
            is_wanted: io::stderr().is_terminal(),
            is_shown: false,
        }
    }

    fn show(&mut self, compiled: usize) {
        if !self.is_wanted || (self.is_shown && !self.moves) {
            return;
        }
        self.is_shown = true;
        let what = self.what;
        // The build goes on without standard error as well.
        let _ = if self.moves {
            write!(io::stderr(), "\rbuilding {what}: {compiled} parts ready")
        } else {
            writeln!(
                io::stderr(),
                "building {what}; the first time takes a while"
            )
        };
    }

    fn clear(&self) {
        if self.is_shown && self.moves {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

fn text_of(mut pipe: impl Read) -> String {
    let mut bytes = Vec::new();
    // What could be read up to an error is better than nothing.
    let _ = pipe.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

pub(crate) fn cannot_start_cargo(error: io::Error) -> Failure {
    Failure::because(format!(
        "cargo cannot be run ({error}). Is it on the PATH? https://rustup.rs installs it."
    ))
}

pub(crate) fn cannot_start(lesson: &Lesson, error: &io::Error) -> Failure {
    Failure::because(format!("{} cannot be run: {error}", lesson.program()))
}
