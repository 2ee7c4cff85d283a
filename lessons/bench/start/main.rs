//! `cargo bench` at the root: starts the benchmark through cargo, with the same words.
//!
//! The benchmark is no default member, because cargo unites the features of all default members: tonic's gzip
//! and tokio's threads would be built by every lesson.

use std::env;
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // cargo adds `--bench` itself, now and in the call below.
    let words = env::args_os().skip(1).filter(|word| word != "--bench");
    let status = Command::new(cargo)
        .args([
            "bench",
            "--quiet",
            "--package",
            "workbook-bench",
            "--bench",
            "streams",
            "--",
        ])
        .args(words)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."))
        .status();
    match status {
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("cargo cannot be started: {error}");
            ExitCode::FAILURE
        }
    }
}
