//! grpcurl as the tests run it: the small grpcurl of `lessons/tools`, or the real one where there is one.

use std::env;
use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

pub use super::words::split_words;

/// What a run printed, and its exit code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printed {
    /// Standard output and standard error, as a terminal shows them.
    pub text: String,
    /// 0, 1 when there was no call, or 64 plus the status code.
    pub code: i32,
}

impl Printed {
    fn new(out: Vec<u8>, err: Vec<u8>, code: i32) -> Self {
        let text = String::from_utf8([out, err].concat()).expect("it prints UTF-8");
        Self {
            text: text.replace("\r\n", "\n"),
            code,
        }
    }
}

/// Runs the small grpcurl with these words, the first of them behind the program's name.
pub fn run(words: &[String], stdin: &str) -> Printed {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let stdin = Cursor::new(stdin.to_owned());
    let code = workbook_tools::call::run(words, stdin, &mut out, &mut err);
    Printed::new(out, err, code.into())
}

/// Runs the real grpcurl, which the environment variable GRPCURL names; `None` without it.
pub fn real(words: &[String], stdin: &str) -> Option<Printed> {
    let program = env::var_os("GRPCURL")?;
    let mut child = Command::new(program)
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("GRPCURL names a program");
    let mut input = child.stdin.take().expect("it is piped");
    // A program that does not read its input closes it.
    let _ = input.write_all(stdin.as_bytes());
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let code = output.status.code().unwrap_or(-1);
    let mut printed = Printed::new(output.stdout, output.stderr, code);
    if *IS_1_8_6 {
        // It asks by v1alpha, the older of the two reflection services, which names itself in a list.
        let text = printed
            .text
            .replace("grpc.reflection.v1alpha.", "grpc.reflection.v1.");
        printed.text = empty_messages_on_one_line(&text);
    }
    Some(printed)
}

/// The release that `.ci/grpcurl` finds. Only it differs from the book, which shows what releases of today print.
static IS_1_8_6: LazyLock<bool> = LazyLock::new(|| {
    let program = env::var_os("GRPCURL").expect("it has just been run");
    let version = Command::new(program).arg("--version").output();
    let version = version.expect("GRPCURL names a program");
    // It says so on standard error.
    [version.stdout, version.stderr]
        .concat()
        .ends_with(b"v1.8.6\n")
});

/// 1.8.6 prints an empty message as `{`, a line of spaces and `}`; releases of today print `{}`.
fn empty_messages_on_one_line(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let closes = line.trim_start().starts_with('}');
        match lines.as_slice() {
            [.., opens, blank] if closes && blank.trim().is_empty() && opens.ends_with("{\n") => {
                let opens = opens.trim_end().to_owned();
                lines.truncate(lines.len() - 2);
                lines.push(opens + line.trim_start());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.concat()
}
