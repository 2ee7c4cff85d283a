//! Where everything stands: rows from top to bottom, lifelines from left to right.
//!
//! All lengths are in the picture's own units; at the book's full width one is a CSS pixel.

use super::rows::{Mark, Row};

pub const WIDTH: f64 = 760.0;
/// The right end of the times.
pub const TIME: f64 = 58.0;
pub const CLIENT: f64 = 238.0;
pub const WIRE: f64 = 388.0;
pub const SERVER: f64 = 538.0;
/// Between a lifeline and what is said beside it.
pub const BESIDE: f64 = 12.0;
/// The width of a character of the book's monospaced font, at the size of the labels, rounded up.
pub const CHARACTER: f64 = 6.7;
/// From one line of text to the next: as tall as the font is, so that no two touch.
pub const LEADING: f64 = 14.0;
/// From a row's top to its first baseline.
pub const BASELINE: f64 = 11.0;
/// What the names of the lifelines take.
pub const HEAD: f64 = 28.0;

const CLIENT_COLUMNS: usize = 24;
const SERVER_COLUMNS: usize = 30;
pub const ARROW_COLUMNS: usize = 40;
const NOTE_COLUMNS: usize = 78;
/// What is longer is cut off: the transcript has the rest.
const SAID_LINES: usize = 3;

/// A row with its place.
#[derive(Debug, Clone)]
pub struct Placed {
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
pub type Area = [f64; 4];

/// Puts the rows below each other.
pub fn place(rows: &[Row]) -> Vec<Placed> {
    let several = several_streams(rows);
    let mut placed: Vec<Placed> = Vec::new();
    let mut top = HEAD;
    let mut now: Option<&str> = None;
    for row in rows {
        let is_new = now != Some(row.time.as_str());
        let mut waited = None;
        if let (true, Some(before)) = (is_new, now) {
            let gap = gap(seconds(&row.time) - seconds(before));
            waited = gap.1.map(|words| (words, gap.0));
            top += gap.0;
        }
        now = Some(&row.time);
        let text = text(row, several);
        let lines = f64::from(u32::try_from(text.len()).expect("a row has few lines"));
        let height = match row.mark {
            Mark::Sent(_) => 22.0,
            Mark::Note(_) => lines * LEADING + 12.0,
            Mark::Said { .. } | Mark::Cut(_) => lines * LEADING + 5.0,
        };
        placed.push(Placed {
            row: row.clone(),
            top,
            height,
            text,
            time: is_new.then(|| row.time.clone()),
            waited,
        });
        top += height;
    }
    placed
}

/// Whether more than one call is seen.
fn several_streams(rows: &[Row]) -> bool {
    let mut streams = rows.iter().filter_map(|row| match &row.mark {
        Mark::Sent(frame) if frame.stream != "#0" => Some(&frame.stream),
        _ => None,
    });
    let first = streams.next();
    streams.any(|stream| Some(stream) != first)
}

/// The room for a wait, which grows with its logarithm, and from a second on its words.
fn gap(waited: f64) -> (f64, Option<String>) {
    let height = (6.0 + 8.0 * (waited * 1000.0).max(1.0).log10()).round();
    if waited < 1.0 {
        return (height, None);
    }
    let words = if waited >= 3600.0 {
        format!("{} h later", waited / 3600.0)
    } else if waited >= 60.0 {
        format!("{} min later", tenths(waited / 60.0))
    } else {
        format!("{} s later", tenths(waited))
    };
    (height, Some(words))
}

fn tenths(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

fn seconds(time: &str) -> f64 {
    time.parse().expect("a transcript's time is a number")
}

fn text(row: &Row, several: bool) -> Vec<String> {
    match &row.mark {
        Mark::Said { by_client, text } => {
            let columns = if *by_client {
                CLIENT_COLUMNS
            } else {
                SERVER_COLUMNS
            };
            wrap(text, columns, SAID_LINES)
        }
        Mark::Sent(frame) => wrap(&frame.label(several), ARROW_COLUMNS, 1),
        Mark::Note(text) => wrap(text, NOTE_COLUMNS, usize::MAX),
        Mark::Cut(text) => vec![text.clone()],
    }
}

/// Breaks between words; what does not fit into `most` lines ends with an ellipsis.
fn wrap(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = textwrap::wrap(text, columns)
        .into_iter()
        .map(std::borrow::Cow::into_owned)
        .collect();
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
            Mark::Sent(_) => self.top + 17.0,
            _ => self.top + BASELINE - 4.0,
        }
    }

    /// The boxes of its texts, as wide as the widest font that the book's style asks for.
    pub fn areas(&self) -> Vec<Area> {
        let mut areas = Vec::new();
        for (index, text) in (0_u32..).zip(&self.text) {
            let width = CHARACTER * columns(text);
            let top = self.top + f64::from(index) * LEADING;
            let left = match self.row.mark {
                Mark::Said {
                    by_client: true, ..
                } => CLIENT - BESIDE - width,
                Mark::Said { .. } => SERVER + BESIDE,
                _ => WIRE - width / 2.0,
            };
            let top = if matches!(self.row.mark, Mark::Note(_)) {
                top + 4.0
            } else {
                top
            };
            areas.push([left, top, left + width, top + LEADING]);
        }
        if let Some(time) = &self.time {
            areas.push([
                TIME - CHARACTER * columns(time),
                self.top,
                TIME,
                self.top + LEADING,
            ]);
        }
        if let Some((words, height)) = &self.waited {
            let middle = self.top - height / 2.0;
            let half = CHARACTER * columns(words) / 2.0;
            areas.push([WIRE - half, middle - 6.0, WIRE + half, middle + 6.0]);
        }
        areas
    }
}

fn columns(text: &str) -> f64 {
    f64::from(u32::try_from(text.chars().count()).expect("a short text"))
}
