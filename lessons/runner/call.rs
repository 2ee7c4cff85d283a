//! `call`: the small grpcurl of `lessons/tools`. cargo builds it, so that the runner itself needs no
//! gRPC; standard input, standard output and the exit code are the program's own.

use std::path::Path;
use std::process::Command;

use crate::cargo;
use crate::context::{Done, FAILURE, Failure};
use crate::style::Style;

/// The program's name.
const PROGRAM: &str = "call";

/// Runs the small grpcurl with these words.
pub(crate) fn call(root: &Path, words: &[String], style: Style) -> Done {
    if words.is_empty() {
        return Err(Failure::usage(
            "`call` takes the words that grpcurl takes. `cargo run -- call --help` lists them.",
        ));
    }
    let build = cargo::build_command(root, [PROGRAM]);
    let programs = cargo::build(build, PROGRAM, style)?;
    let Some(program) = programs.get(PROGRAM) else {
        return Err(Failure::because(format!(
            "{PROGRAM} does not compile; the compiler says above why."
        )));
    };
    let ended = Command::new(program)
        .args(words)
        .status()
        .map_err(|error| Failure::because(format!("{PROGRAM} cannot be run: {error}")))?;
    let code = ended.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.unwrap_or(FAILURE))
}
