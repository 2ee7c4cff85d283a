//! A scene's events as the rows of a sequence diagram.

use std::time::Duration;

use streaming_lab::run::Scene;
use streaming_lab::run::seconds;
use streaming_lab::run::{Connection, HostName, Note, What};
use streaming_lab::run::{Placed, text};
use streaming_lab::wire::{Body, Frame};

/// One row of the picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Its line in the transcript above the picture, and how many rows of text it takes there.
    /// None for a frame that the transcript does not show.
    pub line: Option<(usize, usize)>,
    /// Virtual time.
    pub at: Duration,
    pub mark: Mark,
}

/// What a row shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Mark {
    /// A line of a host's.
    Said {
        host: HostName,
        text: String,
        /// It counts what is alive, and something is.
        leaks: bool,
    },
    /// A frame, or several of a kind, on their way from one lifeline to the other.
    Sent {
        connection: Connection,
        frame: Box<Frame>,
        /// How many it stands for.
        count: usize,
        /// It does not arrive.
        lost: bool,
    },
    /// A stall, or a panic: it belongs to no host.
    Note(Note),
    /// Lines that the transcript leaves out.
    Cut(String),
}

impl Row {
    pub fn time(&self) -> String {
        seconds(self.at)
    }

    pub fn is_said_by(&self, name: &HostName) -> bool {
        matches!(&self.mark, Mark::Said { host, .. } if host == name)
    }

    pub fn arrives_at(&self, host: &HostName) -> bool {
        match &self.mark {
            Mark::Sent {
                connection, frame, ..
            } => connection.receiver(frame.direction) == host,
            _ => false,
        }
    }

    pub fn is_reset(&self) -> bool {
        matches!(&self.mark, Mark::Sent { frame, .. } if matches!(frame.body, Body::Reset(_)))
    }
}

/// The field of a line that says how much the leak meter has found.
const LEFT: &str = "tasks_left";

/// The rows of a scene's transcript: with `wire` one for each of its lines, otherwise those of the run
/// with frames, of which the transcript's own lines have a number.
///
/// In the second case DATA frames that follow each other are one row. What opens a connection and
/// tops up its windows is left out: the run with frames shows it.
pub(super) fn rows(scene: &Scene, wire: bool) -> Vec<Row> {
    let (_, with_frames) = text(scene, true);
    if wire {
        return with_frames
            .iter()
            .scan(Duration::ZERO, |at, placed| {
                let row = row(placed, *at, Some((placed.row, placed.rows)));
                *at = row.at;
                Some(row)
            })
            .collect();
    }
    let (_, without) = text(scene, false);
    let mut rows: Vec<Row> = Vec::new();
    let mut at = Duration::ZERO;
    for placed in &with_frames {
        let same = without.iter().find(|other| {
            let events = other.event.zip(placed.event);
            events.is_some_and(|(one, other)| std::ptr::eq(one, other))
        });
        let row = row(placed, at, same.map(|placed| (placed.row, placed.rows)));
        at = row.at;
        if !is_left_out(&row) && !joins(rows.last_mut(), &row) {
            rows.push(row);
        }
    }
    rows
}

fn row(placed: &Placed<'_>, before: Duration, line: Option<(usize, usize)>) -> Row {
    let mark = match placed.event.map(|event| &event.what) {
        Some(What::Said { host, text, fields }) => Mark::Said {
            host: host.clone(),
            text: text.clone(),
            leaks: fields.number(LEFT).is_some_and(|left| left > 0),
        },
        Some(What::Frame {
            connection,
            frame,
            lost,
        }) => Mark::Sent {
            connection: connection.clone(),
            frame: Box::new(frame.clone()),
            count: 1,
            lost: *lost,
        },
        Some(What::Note(note)) => Mark::Note(note.clone()),
        None => Mark::Cut(placed.words.clone().unwrap_or_default()),
    };
    // A note stands where the line before it stands, as in the transcript.
    let at = match (&mark, placed.event) {
        (Mark::Said { .. } | Mark::Sent { .. }, Some(event)) => event.at,
        _ => before,
    };
    Row { line, at, mark }
}

fn is_left_out(row: &Row) -> bool {
    let Mark::Sent { frame, .. } = &row.mark else {
        return false;
    };
    matches!(
        frame.body,
        Body::Preface | Body::Settings(_) | Body::SettingsAck | Body::WindowUpdate(_)
    )
}

/// Takes the row into the one before it, where both are DATA of one stream and neither ends it.
fn joins(last: Option<&mut Row>, row: &Row) -> bool {
    let Some(last) = last.filter(|last| last.time() == row.time()) else {
        return false;
    };
    let (
        Mark::Sent {
            connection: before,
            frame: earlier,
            count,
            ..
        },
        Mark::Sent {
            connection, frame, ..
        },
    ) = (&mut last.mark, &row.mark)
    else {
        return false;
    };
    let is_data = |frame: &Frame| matches!(frame.body, Body::Data { .. }) && !frame.end_stream;
    let alike = is_data(earlier)
        && is_data(frame)
        && before == connection
        && (earlier.direction, earlier.stream) == (frame.direction, frame.stream);
    *count += usize::from(alike);
    alike
}
