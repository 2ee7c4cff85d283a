//! `cargo run`: the runner.

use std::process::ExitCode;

fn main() -> ExitCode {
    runner::main()
}
