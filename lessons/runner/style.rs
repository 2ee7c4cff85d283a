//! How text is shown: the terminal's width, marks, colours, links; and plain words where those do
//! not help.

use std::io::{self, IsTerminal as _};
use std::path::Path;

use anstyle::AnsiColor;
use progress::{ExerciseState, Layout, wrap};

/// The width where standard output is no terminal.
const WIDTH: usize = 80;
/// The widths that texts are made for. A narrower terminal breaks lines itself, and a wider one has
/// lines that are too long to read.
const NARROWEST: usize = 40;
const WIDEST: usize = 100;

pub(crate) const BOLD: anstyle::Style = anstyle::Style::new().bold();
pub(crate) const GOOD: anstyle::Style = AnsiColor::Green.on_default();
pub(crate) const BAD: anstyle::Style = AnsiColor::Red.on_default();
pub(crate) const HERE: anstyle::Style = AnsiColor::Cyan.on_default();

/// What the student's terminal can show.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// Words in place of signs, no colour, no links, nothing that moves.
    pub plain: bool,
    /// The terminal makes links of paths.
    pub links: bool,
    /// A width that was asked for; otherwise it is the terminal's.
    width: Option<usize>,
}

impl Style {
    /// As standard output can show it.
    pub fn of_stdout(plain: bool, width: Option<usize>) -> Self {
        if plain {
            anstream::ColorChoice::Never.write_global();
        }
        Self {
            plain,
            links: !plain && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
            width,
        }
    }

    /// Columns of a line. A terminal is asked every time, because its window can be resized.
    pub fn width(self) -> usize {
        let of_terminal = || match crossterm::terminal::size() {
            Ok((columns, _)) if io::stdout().is_terminal() && columns > 0 => columns.into(),
            _ => WIDTH,
        };
        self.width
            .unwrap_or_else(of_terminal)
            .clamp(NARROWEST, WIDEST)
    }

    /// How a check's report is rendered.
    pub fn layout(self) -> Layout {
        Layout {
            plain: self.plain,
            width: self.width(),
        }
    }

    /// One column wide.
    pub fn mark(self, state: ExerciseState) -> String {
        let (style, sign) = match state {
            ExerciseState::NotStarted => (anstyle::Style::new(), '·'),
            ExerciseState::Open => (HERE, '○'),
            ExerciseState::Passed => (GOOD, '✔'),
            ExerciseState::Broken => (BAD, '✘'),
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

    /// A paragraph, each line behind `margin`.
    pub fn wrapped(self, text: &str, margin: &str) -> String {
        let lines = wrap(text, self.width() - margin.len());
        lines
            .iter()
            .map(|line| format!("{margin}{line}\n"))
            .collect()
    }

    /// Text whose lines are wrapped where they are longer than the terminal is wide. Indented lines
    /// hold what is there to be copied, and stay as they are.
    pub fn paragraphs(self, text: &str) -> String {
        let wrapped = text.lines().map(|line| {
            if line.starts_with(' ') {
                format!("{line}\n")
            } else {
                self.wrapped(line, "")
            }
        });
        wrapped.collect()
    }

    /// Sentences with a command behind them, on the same line where it fits. A command is never
    /// broken: it is there to be copied.
    pub fn with_command(self, text: &str, command: &str) -> String {
        let lines = wrap(text, self.width());
        let last = lines.last().map_or(0, |line| line.chars().count());
        let gap = if last + 1 + command.chars().count() <= self.width() {
            " "
        } else {
            "\n  "
        };
        format!("{}{gap}{BOLD}{command}{BOLD:#}\n", lines.join("\n"))
    }

    /// Items beside each other, as many as fit on a line.
    pub fn beside(self, items: impl IntoIterator<Item = String>) -> String {
        const GAP: &str = "   ";
        let mut lines: Vec<String> = Vec::new();
        for item in items {
            match lines.last_mut() {
                Some(line) if columns(line) + GAP.len() + columns(&item) <= self.width() => {
                    line.push_str(GAP);
                    line.push_str(&item);
                }
                _ => lines.push(item),
            }
        }
        lines.join("\n") + "\n"
    }
}

/// How many columns a text takes, without its codes for colours and links.
pub(crate) fn columns(text: &str) -> usize {
    let visible = anstream::adapter::strip_str(text).to_string();
    visible.chars().count()
}

/// Whether programs whose output is passed on may colour it.
pub(crate) fn has_colour() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// What the state is called.
pub(crate) fn word(state: ExerciseState) -> &'static str {
    match state {
        ExerciseState::NotStarted => "not started",
        ExerciseState::Open => "open",
        ExerciseState::Passed => "passed",
        ExerciseState::Broken => "passed before, fails now",
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
