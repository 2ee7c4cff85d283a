//! `cargo run -q -- tap http://127.0.0.1:50051`: the tap as a program.

use std::process::ExitCode;

fn main() -> ExitCode {
    workbook_tools::tap::main()
}
