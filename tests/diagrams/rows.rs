//! A transcript as the rows of a sequence diagram.

use super::support::lines::{Line, lines_and_notes};
use super::words::{self, Frame};

/// One row of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the transcript above the picture, and how many rows of text it takes there.
    /// None for a frame that the transcript does not show.
    pub line: Option<(usize, usize)>,
    /// Seconds of virtual time, as the transcript writes them.
    pub time: String,
    pub mark: Mark,
}

/// What a row shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A line of the client's or the server's.
    Said { by_client: bool, text: String },
    /// A frame, or several of a kind, on their way from one lifeline to the other.
    Sent(Frame),
    /// The bell, or a panic: it belongs to nobody.
    Note(String),
    /// Lines that the transcript leaves out.
    Cut(String),
}

/// The rows of a transcript that shows its frames: one for each of its lines.
pub fn with_frames(wire: &str) -> Vec<Row> {
    lines_and_notes(wire)
        .into_iter()
        .map(|line| Row {
            line: Some((line.row, line.rows)),
            time: line.time.clone(),
            mark: mark(&line),
        })
        .collect()
}

const LEFT_OUT: [&str; 3] = ["preface", "SETTINGS", "WINDOW_UPDATE"];

/// The rows of a transcript without frames, with those of its run with `--wire` between them.
///
/// DATA frames that follow each other are one row. What opens a connection and tops up its windows is
/// left out: who wants each frame reads the run with frames.
pub fn between_lines(plain: &str, wire: &str) -> Vec<Row> {
    let mut shown = lines_and_notes(plain).into_iter();
    let mut rows: Vec<Row> = Vec::new();
    for line in lines_and_notes(wire) {
        let mut row = Row {
            line: None,
            time: line.time.clone(),
            mark: mark(&line),
        };
        match &row.mark {
            Mark::Sent(frame) if LEFT_OUT.contains(&frame.kind.as_str()) => continue,
            Mark::Sent(frame) => {
                if let Some(last) = rows.last_mut()
                    && last.time == row.time
                    && let Mark::Sent(before) = &mut last.mark
                    && before.takes(frame)
                {
                    continue;
                }
            }
            Mark::Cut(_) => {}
            Mark::Said { .. } | Mark::Note(_) => {
                let same = shown.find(|other| other.lane == line.lane && other.text == line.text);
                let same = same.unwrap_or_else(|| panic!("only --wire says {:?}", line.text));
                row.line = Some((same.row, same.rows));
            }
        }
        rows.push(row);
    }
    assert_eq!(shown.next(), None, "only the run without --wire says it");
    rows
}

fn mark(line: &Line) -> Mark {
    match line.lane.as_str() {
        "wire" => Mark::Sent(words::frame(&line.text)),
        "" if line.text.starts_with('⋮') => Mark::Cut(line.text.clone()),
        "" => Mark::Note(line.text.clone()),
        side => Mark::Said {
            by_client: side == "client",
            text: line.text.clone(),
        },
    }
}
