//! Where on the line things stand.
//!
//! ```text
//! ── greeting: a request and its reply ───────────────────────────────────────────
//!    0.000  client  SayHi("Ada")
//!           wire    → HEADERS       #1   POST /greeter.v1.GreeterService/SayHi
//! ```

use std::time::Duration;

use anstyle::{AnsiColor, Style};

use super::Lane;
use crate::wire;

/// The width that suffices for everything printed.
const COLUMNS: usize = 80;
/// Wide enough for a virtual day: `86400.000`.
const TIME_WIDTH: usize = 9;
const LANE_WIDTH: usize = 6;
const GAP: usize = 2;
const TEXT_COLUMN: usize = TIME_WIDTH + GAP + LANE_WIDTH + GAP;

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

pub(super) fn heading(name: &str, title: &str) -> String {
    let text = format!("── {name}: {title} ");
    let rule = "─".repeat(COLUMNS.saturating_sub(text.chars().count()));
    format!("{HEADING}{text}{HEADING:#}{FAINT}{rule}{FAINT:#}\n")
}

pub(super) fn time(since: Duration) -> String {
    format!("{}.{:03}", since.as_secs(), since.subsec_millis())
}

pub(super) fn line(time: &str, lane: Lane, text: &str) -> String {
    let (style, hanging) = match lane {
        Lane::Client => (AnsiColor::Cyan.on_default(), 2),
        Lane::Server => (AnsiColor::Green.on_default(), 2),
        Lane::Wire => (FAINT, wire::WORDS_COLUMN),
    };
    let mut lines = String::new();
    for (number, part) in wrap(text, COLUMNS - TEXT_COLUMN, hanging)
        .iter()
        .enumerate()
    {
        let head = if number == 0 {
            let lane = lane.to_string();
            format!("{time:>TIME_WIDTH$}  {style}{lane:<LANE_WIDTH$}{style:#}  ")
        } else {
            " ".repeat(TEXT_COLUMN)
        };
        lines.push_str(&format!("{head}{style}{part}{style:#}\n"));
    }
    lines
}

pub(super) fn note(text: &str) -> String {
    let indent = " ".repeat(TIME_WIDTH + GAP);
    wrap(text, COLUMNS - TIME_WIDTH - GAP, 0)
        .iter()
        .map(|part| format!("{indent}{part}\n"))
        .collect()
}

pub(super) fn hidden(lines: usize) -> String {
    let s = if lines == 1 { "" } else { "s" };
    note(&format!(
        "⋮ {} more line{s} of these kinds",
        wire::grouped(u64::try_from(lines).unwrap_or(u64::MAX))
    ))
}

/// Breaks `text` between words; every line after the first is indented by `hanging`.
///
/// Control characters, which a peer may send in a status message, are made visible.
fn wrap(text: &str, width: usize, hanging: usize) -> Vec<String> {
    let text: String = text
        .chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect();
    let mut lines = Vec::new();
    let mut rest = text.as_str();
    let mut indent = 0;
    loop {
        let room = width - indent;
        let Some((limit, _)) = rest.char_indices().nth(room) else {
            lines.push(format!("{}{rest}", " ".repeat(indent)));
            return lines;
        };
        // A space right behind the last column still ends a line that fits.
        let end = rest[..=limit]
            .rfind(' ')
            .filter(|&at| !rest[..at].trim().is_empty());
        let (head, tail) = rest.split_at(end.unwrap_or(limit));
        lines.push(format!("{}{}", " ".repeat(indent), head.trim_end()));
        rest = tail.trim_start();
        indent = hanging;
    }
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
    }

    #[test]
    fn what_a_peer_sends_cannot_move_the_cursor() {
        assert_eq!(wrap("a\u{1b}[2Jb", 40, 0), ["a\\u{1b}[2Jb"]);
    }

    #[test]
    fn every_line_fits_in_80_columns() {
        let long = "→ HEADERS       #1   ".to_owned() + &"word ".repeat(60);
        for row in anstream::adapter::strip_str(&line("12.345", Lane::Wire, &long))
            .to_string()
            .lines()
        {
            assert!(row.chars().count() <= COLUMNS, "{row}");
        }
    }
}
