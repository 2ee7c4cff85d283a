//! Where on the line things stand.
//!
//! ```text
//! ── greeting: a request and its reply ───────────────────────────────────────────
//!    0.000  client  SayHi("Ada")
//!           wire    → HEADERS       #1   POST /greeter.v1.GreeterService/SayHi
//! ```

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};

use super::event::{Event, Role, SceneHead, What};
use crate::wire::{grouped, kind, meaning};

/// The width that suffices for everything printed.
const COLUMNS: usize = 80;
/// Wide enough for a virtual day: `86400.000`.
const TIME_WIDTH: usize = 9;
/// "client", "server", "wire"
const LANE_WIDTH: usize = 6;
/// Longer names are cut in their lane; they would leave no room for the text.
const MAX_LANE_WIDTH: usize = 16;
const GAP: usize = 2;
/// The lane of frames where one client talks to one server.
const WIRE: &str = "wire";

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// A line of a transcript before it is laid out.
pub(super) struct Line {
    pub lane: String,
    pub text: String,
    /// What elision compares, where it is not the text: a frame's words without its connection.
    pub shape: Option<String>,
    style: Style,
    hanging: usize,
}

/// Whether rows contain the codes that colour them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colours {
    Codes,
    None,
}

/// Where things stand in one scene.
pub(super) struct Layout {
    lane_width: usize,
    colours: Colours,
}

impl Layout {
    pub(super) fn new(scene: &SceneHead, colours: Colours) -> Self {
        let names = scene
            .hosts
            .iter()
            .map(|host| host.name.as_str().chars().count());
        Self {
            lane_width: names.max().unwrap_or(0).clamp(LANE_WIDTH, MAX_LANE_WIDTH),
            colours,
        }
    }

    /// A host's line or a frame's; `None` for a note.
    pub(super) fn line_of(&self, scene: &SceneHead, event: &Event) -> Option<Line> {
        match &event.what {
            What::Said { host, text, .. } => Some(Line {
                lane: host.to_string(),
                text: text.clone(),
                shape: None,
                style: self.seen(style(scene.role(host))),
                hanging: 2,
            }),
            What::Frame {
                connection,
                frame,
                lost,
            } => {
                let stream = connection.stream(frame.stream);
                let direction = frame.direction;
                let (kind, mut meaning) = (kind(&frame.body), meaning(frame));
                if *lost {
                    meaning.push_str(", lost");
                }
                let (lane, way) = if scene.is_pair() {
                    (WIRE.to_owned(), direction.to_string())
                } else {
                    let receiver = connection.receiver(direction);
                    let width = self.lane_width;
                    (
                        connection.sender(direction).to_string(),
                        format!("→ {receiver:<width$}"),
                    )
                };
                let head = format!("{way} {kind:<13} {stream:<4} ");
                // Beside host names there is little room: what goes on begins further left.
                let hanging = if scene.is_pair() {
                    head.chars().count()
                } else {
                    4
                };
                Some(Line {
                    lane,
                    hanging,
                    text: (head + &meaning).trim_end().to_owned(),
                    shape: Some(format!("{way} {kind} {meaning}")),
                    style: self.seen(FAINT),
                })
            }
            What::Note(_) => None,
        }
    }

    /// The style, or none where there are to be no colours.
    fn seen(&self, style: Style) -> Style {
        match self.colours {
            Colours::Codes => style,
            Colours::None => Style::new(),
        }
    }

    pub(super) fn heading(&self, name: &str, title: &str) -> String {
        let text = format!("── {name}: {title} ");
        let rule = "─".repeat(COLUMNS.saturating_sub(text.chars().count()));
        let (heading, faint) = (self.seen(HEADING), self.seen(FAINT));
        format!("{heading}{text}{heading:#}{faint}{rule}{faint:#}\n")
    }

    /// The rows of text of a line; `time` is empty where it is that of the line before.
    pub(super) fn rows(&self, time: &str, line: &Line) -> String {
        let Line { text, style, .. } = line;
        let width = self.lane_width;
        let column = TIME_WIDTH + GAP + width + GAP;
        let mut rows = String::new();
        for (number, part) in wrap(text, COLUMNS - column, line.hanging)
            .iter()
            .enumerate()
        {
            let head = if number == 0 {
                let lane: String = line.lane.chars().take(width).collect();
                format!("{time:>TIME_WIDTH$}  {style}{lane:<width$}{style:#}  ")
            } else {
                " ".repeat(column)
            };
            rows.push_str(&format!("{head}{style}{part}{style:#}\n"));
        }
        rows
    }
}

fn style(role: Role) -> Style {
    match role {
        Role::Client => AnsiColor::Cyan.on_default(),
        Role::Server => AnsiColor::Green.on_default(),
        Role::Relay => AnsiColor::Magenta.on_default(),
    }
}

pub(super) fn note(text: &str) -> String {
    let indent = " ".repeat(TIME_WIDTH + GAP);
    wrap(text, COLUMNS - TIME_WIDTH - GAP, 0)
        .iter()
        .map(|part| format!("{indent}{part}\n"))
        .collect()
}

/// What a transcript says of lines that it leaves out.
pub(super) fn hidden_words(lines: usize) -> String {
    let s = if lines == 1 { "" } else { "s" };
    format!(
        "⋮ {} more line{s} of these kinds",
        grouped(u64::try_from(lines).unwrap_or(u64::MAX))
    )
}

/// Breaks `text` between words; every line after the first is indented by `hanging`.
///
/// Control characters, which a peer may send in a status message, are made visible.
#[must_use]
pub fn wrap(text: &str, width: usize, hanging: usize) -> Vec<String> {
    let text = visible(text);
    let mut lines = Vec::new();
    let mut rest = &*text;
    let mut indent = 0;
    loop {
        let room = width - indent;
        let Some((limit, _)) = rest.char_indices().nth(room) else {
            lines.push(format!("{}{rest}", " ".repeat(indent)));
            return lines;
        };
        // A space right behind the last column still ends a line that fits.
        let at_limit = rest[limit..].starts_with(' ').then_some(limit);
        let end = at_limit
            .or_else(|| rest[..limit].rfind(' '))
            .filter(|&at| !rest[..at].trim().is_empty());
        let (head, tail) = rest.split_at(end.unwrap_or(limit));
        lines.push(format!("{}{}", " ".repeat(indent), head.trim_end()));
        rest = tail.trim_start();
        indent = hanging;
    }
}

/// Control characters as escapes. Nearly every text has none, and is not copied.
fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            seen.extend(c.escape_default());
        } else {
            seen.push(c);
        }
    }
    Cow::Owned(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_between_words_and_hangs() {
        assert_eq!(wrap("one two three", 7, 2), ["one two", "  three"]);
        assert_eq!(wrap("unbreakable", 4, 0), ["unbr", "eaka", "ble"]);
        assert_eq!(wrap("é é é", 3, 0), ["é é", "é"]);
        assert_eq!(wrap("", 3, 0), [""]);
        // The character behind the last column takes several bytes.
        assert_eq!(wrap("one — two", 4, 0), ["one", "—", "two"]);
        assert_eq!(wrap("one—two", 3, 0), ["one", "—tw", "o"]);
    }

    #[test]
    fn what_a_peer_sends_cannot_move_the_cursor() {
        assert_eq!(wrap("a\u{1b}[2Jb", 40, 0), ["a\\u{1b}[2Jb"]);
    }
}
