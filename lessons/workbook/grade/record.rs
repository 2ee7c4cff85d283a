//! What the graded process tells the one that watches it: one line a record on standard output.
//!
//! The exercise may print as well. A record begins with a control character that no program
//! prints by chance; everything else is the student's own output.

use std::io::Write as _;

const MARK: char = '\u{1e}';
const FIELD: char = '\u{1f}';
/// Stands for a line break inside a field.
const BREAK: &str = "\u{1d}";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Record {
    /// The beginning, and how many expectations there are.
    Begun(usize),
    /// The expectation that is being tried.
    Trying(String),
    /// It holds.
    Holds,
    /// It does not.
    Finding { seen: String, hint: String },
    /// A `todo!()` was reached: nothing after it is worth trying.
    Todo { task: String, place: String },
    /// Something that was not tried, because a `todo!()` was reached before.
    Untried(String),
    /// The end.
    Done,
}

impl Record {
    /// Writes the record. A watcher that is gone ends this process soon, so errors are dropped.
    pub(super) fn send(&self) {
        let fields = match self {
            Self::Begun(count) => vec!["begun".to_owned(), count.to_string()],
            Self::Trying(expected) => vec!["trying".to_owned(), expected.clone()],
            Self::Holds => vec!["holds".to_owned()],
            Self::Finding { seen, hint } => vec!["finding".to_owned(), seen.clone(), hint.clone()],
            Self::Todo { task, place } => vec!["todo".to_owned(), task.clone(), place.clone()],
            Self::Untried(expected) => vec!["untried".to_owned(), expected.clone()],
            Self::Done => vec!["done".to_owned()],
        };
        let line = fields.join(&FIELD.to_string()).replace('\n', BREAK);
        let _ = writeln!(std::io::stdout(), "{MARK}{line}");
    }

    /// The record in `line`, if it is one.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let line = line.strip_prefix(MARK)?.replace(BREAK, "\n");
        let mut fields = line.split(FIELD).map(str::to_owned);
        let mut next = || fields.next();
        Some(match next()?.as_str() {
            "begun" => Self::Begun(next()?.parse().ok()?),
            "trying" => Self::Trying(next()?),
            "holds" => Self::Holds,
            "finding" => Self::Finding {
                seen: next()?,
                hint: next()?,
            },
            "todo" => Self::Todo {
                task: next()?,
                place: next()?,
            },
            "untried" => Self::Untried(next()?),
            "done" => Self::Done,
            _ => return None,
        })
    }
}
