//! `cargo run`: the student's desk.

use std::process::ExitCode;

fn main() -> ExitCode {
    desk::main()
}
