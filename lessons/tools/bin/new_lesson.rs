//! `cargo run -q -p workbook-tools --bin new-lesson -- 16_fan_out "fan out"`: a new lesson, below the
//! current folder.

use std::path::Path;
use std::process::ExitCode;

use workbook_tools::new_lesson::{Refused, run};

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(Path::new("."), &words) {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(Refused::Words(why)) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
        Err(Refused::Place(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
