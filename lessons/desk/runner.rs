//! cargo and the lessons' programs.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use workbook::progress::VARIABLE;

use crate::course::Lesson;
use crate::desk::{Desk, Failure};

/// What to say when cargo did not come to build anything.
pub(crate) const NO_BUILD: &str =
    "cargo could not build anything, and says above why. Your progress is as it was.";

/// The programs that a build made: name to path.
pub(crate) type Programs = BTreeMap<String, PathBuf>;

/// `cargo build` of these lessons' programs, in the way in which `cargo run --bin` builds them.
/// It names what it made on standard output, one JSON object a line, and renders what is wrong on
/// standard error, as always.
pub(crate) fn build_command<'a>(
    desk: &Desk,
    lessons: impl IntoIterator<Item = &'a Lesson>,
) -> Command {
    // cargo says which cargo it is, so that a toolchain chosen with `+` stays chosen.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--message-format=json-render-diagnostics"])
        .current_dir(desk.course.root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    for lesson in lessons {
        command.args(["--bin", &lesson.program()]);
    }
    command
}

/// A lesson's own program. The desk itself keeps the verdict of what it runs.
pub(crate) fn lesson_command(root: &Path, program: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(words)
        .current_dir(root)
        .stdin(Stdio::null())
        .env(VARIABLE, "");
    command
}

/// What the command prints is captured, so it has to be told whether to use colours.
pub(crate) fn coloured(mut command: Command, colour: bool) -> Command {
    let (cargo, force, never) = if colour {
        ("always", "CLICOLOR_FORCE", "NO_COLOR")
    } else {
        ("never", "NO_COLOR", "CLICOLOR_FORCE")
    };
    command
        .env("CARGO_TERM_COLOR", cargo)
        .env(force, "1")
        .env_remove(never);
    command
}

/// Builds, showing what cargo shows. Programs that do not compile are missing from the answer.
pub(crate) fn build(mut command: Command) -> Result<Programs, Failure> {
    if !io::stderr().is_terminal() {
        // Nothing but warnings and errors in a log.
        command.arg("--quiet");
    }
    let mut child = command.spawn().map_err(cannot_start_cargo)?;
    let Some(stdout) = child.stdout.take() else {
        return Err(Failure::because("cargo's standard output is not there."));
    };
    let programs = programs(stdout);
    child.wait().map_err(cannot_start_cargo)?;
    programs.ok_or_else(|| Failure::because(NO_BUILD))
}

/// Builds one lesson; `None` when it does not compile, and cargo has said why.
pub(crate) fn build_one(desk: &Desk, lesson: &Lesson) -> Result<Option<PathBuf>, Failure> {
    let mut programs = build(build_command(desk, [lesson]))?;
    Ok(programs.remove(&lesson.program()))
}

/// What cargo's messages say was made; `None` when it gave up before it built anything, which says
/// nothing about an exercise: a manifest, a lock file, a registry that cannot be reached.
pub(crate) fn programs(messages: impl Read) -> Option<Programs> {
    let lines = BufReader::new(messages).lines().map_while(Result::ok);
    let values = lines.filter_map(|line| serde_json::from_str::<Value>(&line).ok());
    let (mut programs, mut finished) = (Programs::new(), false);
    for message in values {
        finished |= message["reason"] == "build-finished";
        let (name, path) = (&message["target"]["name"], &message["executable"]);
        if let (Some(name), Some(path)) = (name.as_str(), path.as_str()) {
            programs.insert(name.to_owned(), PathBuf::from(path));
        }
    }
    finished.then_some(programs)
}

pub(crate) fn cannot_start_cargo(error: io::Error) -> Failure {
    Failure::because(format!(
        "cargo cannot be run ({error}). Is it on the PATH? https://rustup.rs installs it."
    ))
}

pub(crate) fn cannot_start(lesson: &Lesson, error: &io::Error) -> Failure {
    Failure::because(format!("{} cannot be run: {error}", lesson.program()))
}
