//! How things look: marks, colours, links; and plain words where those do not help.

use std::io;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use workbook::progress::State;

pub(crate) const WIDTH: usize = 80;

pub(crate) const BOLD: Style = Style::new().bold();
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
pub(crate) const BAD: Style = AnsiColor::Red.on_default();
pub(crate) const HERE: Style = AnsiColor::Cyan.on_default();

/// What the student's terminal is to be shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Words in place of signs, no colour, no links, nothing that moves.
    pub plain: bool,
    /// The terminal makes links of paths.
    pub links: bool,
}

impl Look {
    /// As standard output can show it.
    pub fn of_stdout(plain: bool) -> Self {
        if plain {
            anstream::ColorChoice::Never.write_global();
        }
        Self {
            plain,
            links: !plain && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        }
    }

    /// One column wide.
    pub fn mark(self, state: State) -> String {
        let (style, sign) = match state {
            State::NotStarted => (Style::new(), '·'),
            State::Open => (HERE, '○'),
            State::Passed => (GOOD, '✔'),
            State::Broken => (BAD, '✘'),
        };
        format!("{style}{sign}{style:#}")
    }

    /// A path that the terminal can open. `name` is seen from `root`.
    pub fn path(self, root: &Path, name: &str) -> String {
        if !self.links {
            return name.to_owned();
        }
        let target: String = root
            .join(name)
            .to_string_lossy()
            .replace('\\', "/")
            .bytes()
            .map(in_url)
            .collect();
        let slash = if target.starts_with('/') { "" } else { "/" };
        format!("\u{1b}]8;;file://{slash}{target}\u{1b}\\{name}\u{1b}]8;;\u{1b}\\")
    }
}

/// Whether programs whose output is passed on may colour it.
pub(crate) fn has_colour() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// What the state is called.
pub(crate) fn word(state: State) -> &'static str {
    match state {
        State::NotStarted => "not started",
        State::Open => "open",
        State::Passed => "passed",
        State::Broken => "passed before, fails now",
    }
}

fn in_url(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b':' | b'.' | b'-' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    }
}

/// A paragraph in 80 columns, each line behind `margin`.
pub(crate) fn wrapped(text: &str, margin: &str) -> String {
    let options = textwrap::Options::new(WIDTH)
        .initial_indent(margin)
        .subsequent_indent(margin);
    textwrap::fill(text, options) + "\n"
}
