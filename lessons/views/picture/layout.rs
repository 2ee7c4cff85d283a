//! Where everything stands, from top to bottom.
//!
//! All lengths are in the picture's own units; at the book's full width one is a CSS pixel.

use std::time::Duration;

use super::columns::{BESIDE, Columns, count};
use super::label::label;
use super::rows::{Mark, Row};
use streaming_lab::run::wrap;

/// The right end of the times.
pub(super) const TIME: f64 = 58.0;
/// The width of a character of the book's monospaced font, at the size of the labels, rounded up.
pub(super) const CHARACTER: f64 = 6.7;
/// From one line of text to the next: as tall as the font is, so that no two touch.
pub(super) const LEADING: f64 = 14.0;
/// From a row's top to its first baseline.
pub(super) const BASELINE: f64 = 11.0;
/// What the names of the lifelines take.
pub(super) const HEAD: f64 = 28.0;

/// What is longer is cut off: the transcript has the rest.
const SAID_LINES: usize = 3;

/// A row with its place.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub row: Row,
    pub top: f64,
    pub height: f64,
    /// What stands in it, one line of text after the other.
    pub text: Vec<String>,
    /// The time, if it is the first of its instant.
    pub time: Option<String>,
    /// The wait before it, in words, and the height of the gap that shows it.
    pub waited: Option<(String, f64)>,
}

/// A piece of text's box: left, top, right, bottom.
pub(super) type Area = [f64; 4];

/// Puts the rows below each other.
pub(super) fn place(rows: &[Row], columns: &Columns) -> Vec<Placed> {
    let several = several_streams(rows);
    let mut placed: Vec<Placed> = Vec::new();
    let mut top = HEAD;
    let mut now: Option<Duration> = None;
    for row in rows {
        let millis = Duration::from_millis(u64::try_from(row.at.as_millis()).unwrap_or(u64::MAX));
        let is_new = now != Some(millis);
        let mut waited = None;
        if let (true, Some(before)) = (is_new, now) {
            let gap = gap(millis.saturating_sub(before));
            waited = gap.1.map(|words| (words, gap.0));
            top += gap.0;
        }
        now = Some(millis);
        let text = text(row, columns, several);
        let lines = count(text.len());
        let height = match row.mark {
            Mark::Sent { .. } => 22.0,
            Mark::Note(_) => lines * LEADING + 12.0,
            Mark::Said { .. } | Mark::Cut(_) => lines * LEADING + 5.0,
        };
        placed.push(Placed {
            row: row.clone(),
            top,
            height,
            text,
            time: is_new.then(|| row.time()),
            waited,
        });
        top += height;
    }
    placed
}

/// Whether more than one call is seen.
fn several_streams(rows: &[Row]) -> bool {
    let mut streams = rows.iter().filter_map(|row| match &row.mark {
        Mark::Sent {
            connection, frame, ..
        } if frame.stream != 0 => Some((connection, frame.stream)),
        _ => None,
    });
    let first = streams.next();
    streams.any(|stream| Some(stream) != first)
}

/// The room for a wait, which grows with its logarithm, and from a second on its words.
fn gap(waited: Duration) -> (f64, Option<String>) {
    let seconds = waited.as_secs_f64();
    let height = (6.0 + 8.0 * (seconds * 1000.0).max(1.0).log10()).round();
    if seconds < 1.0 {
        return (height, None);
    }
    let words = if seconds >= 3600.0 {
        format!("{} h later", tenths(seconds / 3600.0))
    } else if seconds >= 60.0 {
        format!("{} min later", tenths(seconds / 60.0))
    } else {
        format!("{} s later", tenths(seconds))
    };
    (height, Some(words))
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

fn text(row: &Row, columns: &Columns, several: bool) -> Vec<String> {
    match &row.mark {
        Mark::Said { host, text, .. } => {
            let room = columns.lifeline(host).map_or(0, |line| line.columns);
            fit(text, room, SAID_LINES)
        }
        Mark::Sent {
            connection,
            frame,
            count,
            lost,
        } => {
            let room = columns.arrow_columns(&connection.client, &connection.server);
            let mut label = label(connection, frame, *count, several);
            if *lost {
                label.push_str(", lost");
            }
            fit(&label, room, 1)
        }
        Mark::Note(note) => fit(&note.to_string(), columns.note_columns(), usize::MAX),
        Mark::Cut(text) => vec![text.clone()],
    }
}

/// Breaks between words; what does not fit into `most` lines ends with an ellipsis.
fn fit(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines = wrap(text, columns, 0);
    if lines.len() > most {
        lines.truncate(most);
        let last = &mut lines[most - 1];
        while last.chars().count() + 2 > columns {
            last.pop();
        }
        let kept = last.trim_end_matches([' ', ',', ':']).len();
        last.truncate(kept);
        last.push_str(" …");
    }
    lines
}

impl Placed {
    /// Where an arrow or a dot stands.
    pub fn middle(&self) -> f64 {
        match self.row.mark {
            Mark::Sent { .. } => self.top + 17.0,
            _ => self.top + BASELINE - 4.0,
        }
    }

    /// The middle of the words on an arrow, or of what belongs to no host.
    pub fn centre(&self, columns: &Columns) -> f64 {
        match &self.row.mark {
            Mark::Sent { connection, .. } => {
                let (left, right) = columns.between(&connection.client, &connection.server);
                f64::midpoint(left, right)
            }
            _ => columns.middle(),
        }
    }

    /// The boxes of its texts, as wide as the widest font that the book's style asks for.
    pub fn areas(&self, columns: &Columns) -> Vec<Area> {
        let mut areas = Vec::new();
        for (index, text) in self.text.iter().enumerate() {
            let width = CHARACTER * count(text.chars().count());
            let top = self.top + count(index) * LEADING;
            let left = match &self.row.mark {
                Mark::Said { host, .. } => {
                    let x = columns.x(host);
                    let left = columns.lifeline(host).is_some_and(|line| line.words_left);
                    if left { x - BESIDE - width } else { x + BESIDE }
                }
                _ => self.centre(columns) - width / 2.0,
            };
            let top = if matches!(self.row.mark, Mark::Note(_)) {
                top + 4.0
            } else {
                top
            };
            areas.push([left, top, left + width, top + LEADING]);
        }
        if let Some(time) = &self.time {
            let width = CHARACTER * count(time.chars().count());
            areas.push([TIME - width, self.top, TIME, self.top + LEADING]);
        }
        if let Some((words, height)) = &self.waited {
            let (middle, centre) = (self.top - height / 2.0, columns.middle());
            let half = CHARACTER * count(words.chars().count()) / 2.0;
            areas.push([centre - half, middle - 6.0, centre + half, middle + 6.0]);
        }
        areas
    }
}
