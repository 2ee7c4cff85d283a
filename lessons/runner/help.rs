//! clap's help and errors in the terminal's width.

use std::io::{self, IsTerminal as _, Write as _};

use progress::wrap;

use crate::style::{Style, columns};

/// Prints what clap has to say, as clap does: help to standard output, errors to standard error.
///
/// clap's texts are made for 80 columns. It could wrap them itself, with a feature that every lesson
/// would have to build, because cargo unites the features of all packages.
pub(crate) fn print(error: &clap::Error) {
    let is_terminal = if error.use_stderr() {
        io::stderr().is_terminal()
    } else {
        io::stdout().is_terminal()
    };
    let width = Style::of_stdout(false, asked_for()).width();
    let text = error.to_string();
    let is_wider = text.lines().any(|line| columns(line) > width);
    // Where a stream is closed, the exit code is all that can be told.
    let _ = if !is_wider || !(is_terminal || asked_for().is_some()) {
        error.print()
    } else if error.use_stderr() {
        io::stderr().write_all(narrow(&text, width).as_bytes())
    } else {
        io::stdout().write_all(narrow(&text, width).as_bytes())
    };
}

/// `--width`, which clap has not read when it prints.
fn asked_for() -> Option<usize> {
    let mut words = std::env::args().skip_while(|word| word != "--width");
    words.nth(1)?.parse().ok()
}

/// Wraps each paragraph that is too wide. The text of an option goes below the option where there is
/// no room for two columns.
fn narrow(text: &str, width: usize) -> String {
    let mut narrow = String::new();
    for line in joined(text).lines() {
        if line.chars().count() <= width {
            narrow.push_str(&format!("{line}\n"));
            continue;
        }
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let (name, words) = match body.split_once("  ") {
            Some((name, words)) if indent > 0 => (name, words.trim_start()),
            _ => ("", body),
        };
        let mut indent = indent.min(width / 2);
        if !name.is_empty() {
            narrow.push_str(&format!("{:indent$}{name}\n", ""));
            indent += 4;
        }
        for part in wrap(words, width - indent) {
            narrow.push_str(&format!("{:indent$}{part}\n", ""));
        }
    }
    narrow
}

/// The text with each paragraph on one line. Indented lines are not prose: they stay.
fn joined(text: &str) -> String {
    let mut joined = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        joined.push_str(line);
        let is_prose = |line: &str| !line.is_empty() && !line.starts_with(' ');
        let goes_on = is_prose(line) && lines.peek().is_some_and(|next| is_prose(next));
        joined.push(if goes_on { ' ' } else { '\n' });
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::narrow;

    #[test]
    fn an_options_text_goes_below_it_where_there_is_no_room() {
        let help = "  -h, --help     Print help\n      --plain    Words in place of signs; no colour, no links\n";
        assert_eq!(
            narrow(help, 40),
            "  -h, --help     Print help\n      --plain\n          Words in place of signs; no\n          \
             colour, no links\n"
        );
    }

    #[test]
    fn prose_is_wrapped() {
        let text = "one two three\nfour\n\nfive\n";
        assert_eq!(narrow(text, 10), "one two\nthree four\n\nfive\n");
    }
}
