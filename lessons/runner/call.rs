//! `call` and `tap`: the small grpcurl and the tap of `lessons/tools`, and `chat`, lesson 23's client for
//! the terminal. cargo builds them, so that the runner itself needs no gRPC; standard input, standard output
//! and the exit code are the program's own.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cargo;
use crate::context::{Done, FAILURE, Failure};
use crate::style::Style;

/// The programs' names.
const CALL: &str = "call";
const TAP: &str = "tap";
const CHAT: &str = "chat";
/// What makes the tap speak TLS.
const TLS: &str = "workbook-tools/tls";

/// Runs the small grpcurl with these words.
pub(crate) fn call(root: &Path, words: &[String], style: Style) -> Done {
    if words.is_empty() {
        return Err(Failure::usage(
            "`call` takes the words that grpcurl takes. `cargo run -- call --help` lists them.",
        ));
    }
    let program = built(root, CALL, None, style)?;
    let ended = Command::new(program)
        .args(words)
        .status()
        .map_err(|error| cannot_run(CALL, &error))?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.unwrap_or(FAILURE))
}

/// Runs the tap with these words. It is built with TLS where the server's address needs it, because that takes
/// many more packages, and a C compiler.
pub(crate) fn tap(root: &Path, words: &[String], style: Style) -> Done {
    let needs_tls = words.iter().any(|word| word.starts_with("https://"));
    instead(root, TAP, needs_tls.then_some(TLS), words, style)
}

/// Runs the chat with these words.
pub(crate) fn chat(root: &Path, words: &[String], style: Style) -> Done {
    instead(root, CHAT, None, words, style)
}

/// Runs a program in the runner's place.
fn instead(root: &Path, name: &str, feature: Option<&str>, words: &[String], style: Style) -> Done {
    let mut program = Command::new(built(root, name, feature, style)?);
    program.args(words);
    // Ctrl-C reaches every process of the terminal's group. The runner would end at once and give the
    // terminal back, while the program still has something to say.
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        Err(cannot_run(name, &program.exec()))
    }
    #[cfg(not(unix))]
    {
        let ended = program.status().map_err(|error| cannot_run(name, &error))?;
        let code = ended.code().and_then(|code| u8::try_from(code).ok());
        Ok(code.unwrap_or(FAILURE))
    }
}

fn built(
    root: &Path,
    program: &str,
    feature: Option<&str>,
    style: Style,
) -> Result<PathBuf, Failure> {
    let mut build = cargo::build_command(root, [program]);
    if let Some(feature) = feature {
        build.args(["--features", feature]);
    }
    let programs = cargo::build(build, program, style)?;
    programs.get(program).cloned().ok_or_else(|| {
        Failure::because(format!(
            "{program} does not compile; the compiler says above why."
        ))
    })
}

fn cannot_run(program: &str, error: &io::Error) -> Failure {
    Failure::because(format!("{program} cannot be run: {error}"))
}
