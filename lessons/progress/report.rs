//! A check's records as text: with signs or in plain words, in a given width, and folded where the
//! screen is too small for all of it.

mod folded;

use anstyle::{AnsiColor, Style};

use crate::record::Record;
use crate::wrap::wrap;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const PLAIN: Style = Style::new();

/// Columns in front of an item's text: two for the margin, two for the sign and its space.
const MARGIN: usize = 4;

/// How a report is to be rendered. Colour codes are always in it; the caller strips them where the
/// output is no terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Words in place of signs.
    pub plain: bool,
    /// Columns of a line.
    pub width: usize,
}

impl Layout {
    /// Where the output is no terminal.
    pub const DEFAULT: Self = Self {
        plain: false,
        width: 80,
    };

    /// An item: a sign, or a word in its place, and a text that is wrapped behind it.
    fn item(self, (style, sign, word): Sign, text: &str) -> String {
        if self.plain {
            let text = if word.is_empty() {
                text.to_owned()
            } else {
                format!("{word}: {text}")
            };
            return self.wrapped(&text, 2);
        }
        self.wrapped(text, MARGIN)
            .replacen("    ", &format!("  {style}{sign}{style:#} "), 1)
    }

    /// The first line is indented by `indent`, the others as an item's text.
    fn wrapped(self, text: &str, indent: usize) -> String {
        let lines = wrap(text, self.width.saturating_sub(MARGIN));
        let indented = lines.iter().enumerate().map(|(number, line)| {
            let indent = if number == 0 { indent } else { MARGIN };
            format!("{:indent$}{line}\n", "")
        });
        indented.collect()
    }
}

/// An item's colour, its sign, and the word that replaces the sign.
type Sign = (Style, char, &'static str);

const HOLDS: Sign = (GOOD, '✔', "holds");
const FAILS: Sign = (BAD, '✘', "fails");
const UNTRIED: Sign = (PLAIN, '·', "not tried");
const PRINTED: Sign = (PLAIN, '│', "printed");

impl Record {
    /// The record as lines of text; empty for those that only steer the check.
    #[must_use]
    pub fn text(&self, layout: Layout) -> String {
        match self {
            Self::Begun { .. } | Self::Trying { .. } | Self::Done => String::new(),
            Self::Holds { expectation } => layout.item(HOLDS, expectation),
            Self::Finding {
                expectation,
                seen,
                hint,
            } => {
                let seen = seen.trim_end_matches('.');
                layout.item(FAILS, &format!("{expectation} — {seen}. {hint}"))
            }
            Self::Todo {
                expectation,
                task,
                place,
            } => layout.item(
                FAILS,
                &format!("{expectation} — todo!() at {place}. To do: {task}"),
            ),
            Self::Untried { expectation } => layout.item(UNTRIED, expectation),
            Self::Printed { line } => layout.item(PRINTED, line),
            Self::PrintedMore { lines } => layout.item(
                PRINTED,
                &format!("… and {lines} more lines that your code printed"),
            ),
        }
    }
}

/// The records of one check, as far as they have come.
#[derive(Debug, Clone, Default)]
pub struct Report {
    records: Vec<Record>,
}

impl Report {
    /// A report of nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the next record.
    pub fn take(&mut self, record: Record) {
        self.records.push(record);
    }

    /// The check has come to its end. Otherwise the report gives no verdict.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.records.contains(&Record::Done)
    }

    /// The check has come to its end, and every expectation holds.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.is_complete() && self.all_hold()
    }

    /// The expectation that is being tried.
    #[must_use]
    pub fn trying(&self) -> Option<&str> {
        match self.records.last()? {
            Record::Trying { expectation } => Some(expectation),
            Record::Printed { .. } => self.records.iter().rev().find_map(|record| match record {
                Record::Trying { expectation } => Some(expectation.as_str()),
                _ => None,
            }),
            _ => None,
        }
    }

    /// How many of all expectations hold, as a sentence.
    #[must_use]
    pub fn summary(&self) -> String {
        let (held, all) = (self.held(), self.all());
        if self.all_hold() {
            format!("All {all} hold.")
        } else {
            format!("{held} of {all} hold.")
        }
    }

    /// All of it.
    #[must_use]
    pub fn text(&self, layout: Layout) -> String {
        self.records
            .iter()
            .map(|record| record.text(layout))
            .collect()
    }

    fn all_hold(&self) -> bool {
        self.all() > 0 && self.held() == self.all() && self.findings() == 0
    }

    fn findings(&self) -> usize {
        let is_finding =
            |record: &&Record| matches!(record, Record::Finding { .. } | Record::Todo { .. });
        self.records.iter().filter(is_finding).count()
    }

    fn all(&self) -> usize {
        let begun = self.records.iter().find_map(|record| match record {
            Record::Begun { expectations } => Some(expectations.len()),
            _ => None,
        });
        begun.unwrap_or_default()
    }

    fn held(&self) -> usize {
        let holds = |record: &&Record| matches!(record, Record::Holds { .. });
        self.records.iter().filter(holds).count()
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
