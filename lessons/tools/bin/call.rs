//! `cargo run -q -- call WORDS`: the small grpcurl as a program.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (mut out, mut err) = (io::stdout(), io::stderr());
    ExitCode::from(workbook_tools::call::run(
        &words,
        io::stdin(),
        &mut out,
        &mut err,
    ))
}
