//! Console blocks of the book: each command runs, and prints what the book prints.

use super::grpcurl::{self, split_words};
use super::served::Served;

/// A command with the output that the book prints below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub command: String,
    pub output: String,
}

/// Where every command of the book believes the server to be.
const ADDR_IN_BOOK: &str = "127.0.0.1:50051";

/// The commands of a block, which begin with "$ ".
pub fn steps(block: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                command: command.to_owned(),
                output: String::new(),
            });
        } else if let Some(step) = steps.last_mut() {
            step.output.push_str(line);
            step.output.push('\n');
        }
    }
    steps
}

/// Runs the commands of one terminal, one after the other.
pub struct Terminal<'a> {
    served: &'a Served,
    last_code: i32,
}

impl<'a> Terminal<'a> {
    pub fn new(served: &'a Served) -> Self {
        Self {
            served,
            last_code: 0,
        }
    }

    /// What the command prints; None when only the real grpcurl can say it, and there is none.
    pub fn run(&mut self, command: &str) -> Option<String> {
        if command == "echo $?" {
            return Some(format!("{}\n", self.last_code));
        }
        let here = command.replace(ADDR_IN_BOOK, &self.served.addr.to_string());
        let (stdin, call) = match here.split_once(" | ") {
            Some((printf, call)) => (printed_by(printf), call),
            None => (String::new(), here.as_str()),
        };
        let words = split_words(call);
        assert_eq!(
            words.first().map(String::as_str),
            Some("grpcurl"),
            "{command}"
        );
        let printed = match grpcurl::real(&words[1..], &stdin) {
            Some(printed) => printed,
            None if needs_the_real_one(&words) => {
                println!("not compared, because GRPCURL is not set: {command}");
                return None;
            }
            None => grpcurl::run(&words[1..], &stdin),
        };
        self.last_code = printed.code;
        Some(masked(&printed.text))
    }
}

fn needs_the_real_one(words: &[String]) -> bool {
    words.iter().any(|word| word == "describe" || word == "-v")
}

/// What `printf 'one\ntwo\n'` prints.
fn printed_by(command: &str) -> String {
    let words = split_words(command);
    let [program, format] = words.as_slice() else {
        panic!("only printf with one argument may stand before grpcurl: {command}");
    };
    assert_eq!(program, "printf", "{command}");
    format.replace("\\n", "\n")
}

/// The fields that change from run to run, as the book prints them.
fn masked(text: &str) -> String {
    const FIELD: &str = "\"timestamp\": \"";
    let mut lines = String::new();
    for line in text.lines() {
        match line.split_once(FIELD) {
            Some((before, rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
                let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
                lines.push_str(&format!("{before}{FIELD}…{after}"));
            }
            _ => lines.push_str(line),
        }
        lines.push('\n');
    }
    lines
}
