//! What the tiny lessons are made of: their programs, and answers to their exercises.

/// Has two expectations. What it reports are the records of a real check, as a real check writes
/// them: the runner has to read them without the lessons' library.
pub const MAIN: &str = r#"
mod exercise;

const GREATER: &str = "says more than 40";
const ANSWER: &str = "says 42";

fn report(record: &str, more: &str) {
    println!("\u{1e}{{\"record\":\"{record}\"{more}}}");
}

fn about(expectation: &str) -> String {
    format!(",\"expectation\":\"{expectation}\"")
}

fn expect(expectation: &str, holds: impl FnOnce() -> bool) -> bool {
    report("trying", &about(expectation));
    let holds = holds();
    if holds {
        report("holds", &about(expectation));
    } else {
        let finding = ",\"seen\":\"it says something else\",\"hint\":\"What is six times seven?\"";
        report("finding", &(about(expectation) + finding));
    }
    holds
}

fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words[0] == "serve" {
        println!("grpcurl -plaintext {} list", words[3]);
        return 0.into();
    }
    assert_eq!(words, ["check", "--records"]);
    report("begun", &format!(",\"expectations\":[\"{GREATER}\",\"{ANSWER}\"]"));
    let greater = expect(GREATER, || exercise::answer() > 40);
    let answer = expect(ANSWER, || exercise::exact() == 42);
    report("done", "");
    u8::from(!(greater && answer)).into()
}
"#;

/// A lesson whose report is longer than a small screen: the finding comes first.
pub const LONG_REPORT: &str = r#"
fn main() {
    let report = |record: &str| println!("\u{1e}{record}");
    let named: Vec<String> = (1..=40).map(|number| format!("\"expectation {number}\"")).collect();
    report(&format!("{{\"record\":\"begun\",\"expectations\":[{}]}}", named.join(",")));
    for (index, name) in named.iter().enumerate() {
        let (record, more) = match index {
            0 => ("finding", ",\"seen\":\"it does not\",\"hint\":\"Why?\""),
            _ => ("holds", ""),
        };
        report(&format!("{{\"record\":\"{record}\",\"expectation\":{name}{more}}}"));
    }
    report("{\"record\":\"done\"}");
}
"#;

/// Stands for the small grpcurl: shows what reaches it.
pub const CALL: &str = r##"
// Only the package of the tap has the feature.
#![allow(unexpected_cfgs)]
fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut line = String::new();
    let mut lines = 0;
    while std::io::stdin().read_line(&mut line).unwrap() > 0 {
        lines += 1;
        println!("{lines}: {}", std::mem::take(&mut line).trim_end());
    }
    if cfg!(feature = "tls") {
        println!("with TLS");
    }
    println!("{words:?}, NO_COLOR is {:?}", std::env::var("NO_COLOR").ok());
    eprintln!("the call failed");
    77.into()
}
"##;

/// As it comes.
pub const STARTER: &str =
    "pub fn answer() -> u32 {\n    41\n}\n\npub fn exact() -> u32 {\n    answer()\n}\n";
/// An answer that passes, and is not the solution's.
pub const PASSES: &str =
    "pub fn answer() -> u32 {\n    40 + 2\n}\n\npub fn exact() -> u32 {\n    answer()\n}\n";
/// An answer that does not compile.
pub const BROKEN: &str =
    "pub fn answer() -> u32 {\n    forty_two\n}\n\npub fn exact() -> u32 {\n    answer()\n}\n";
/// An answer whose second expectation does not end before there is a file `stop`. It prints something
/// without ending the line.
pub const ENDLESS: &str = r#"
pub fn answer() -> u32 {
    print!("so far");
    42
}

pub fn exact() -> u32 {
    while !std::path::Path::new("stop").exists() {
        std::thread::yield_now();
    }
    42
}
"#;
/// An answer with a warning of the compiler's.
pub const WARNS: &str = "pub fn answer() -> u32 {\n    let unused = 1;\n    42\n}\n\n\
                         pub fn exact() -> u32 {\n    answer()\n}\n";

/// The solution.
pub const SOLUTION: &str =
    "pub fn answer() -> u32 {\n    42\n}\n\npub fn exact() -> u32 {\n    answer()\n}\n";
