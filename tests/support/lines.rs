//! A transcript, read back.

/// One line of a transcript, with what was wrapped joined again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Seconds since the scene began; carried on from the line before where it is left out.
    pub time: String,
    /// "client", "server" or "wire"; empty for a note, such as the bell's.
    pub lane: String,
    /// What it says.
    pub text: String,
    /// Its place in the text, counted from 0.
    pub row: usize,
    /// How many rows it takes.
    pub rows: usize,
}

const TIME: std::ops::Range<usize> = 0..9;
const LANE: std::ops::Range<usize> = 11..17;
/// Where a note begins.
const NOTE: usize = 11;
const TEXT: usize = 19;

/// The lines of a scene; headings and notes are left out.
pub fn lines(transcript: &str) -> Vec<Line> {
    let mut lines = lines_and_notes(transcript);
    lines.retain(|line| !line.lane.is_empty());
    lines
}

/// The lines of a scene and the notes between them; headings are left out.
pub fn lines_and_notes(transcript: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut time = String::new();
    for (index, row) in transcript.lines().enumerate() {
        let columns: Vec<char> = row.chars().collect();
        let cell = |range: std::ops::Range<usize>| {
            let end = range.end.min(columns.len());
            let start = range.start.min(end);
            columns[start..end]
                .iter()
                .collect::<String>()
                .trim()
                .to_owned()
        };
        let lane = cell(LANE);
        let is_line = ["client", "server", "wire"].contains(&lane.as_str());
        let is_note = !is_line && !lane.is_empty() && !row.starts_with('─');
        let text = cell(if is_note { NOTE } else { TEXT }..columns.len().max(TEXT));
        // A note that goes on begins where it began; a new one says what it is.
        let starts = ["bell: ", "panic: ", "⋮ "];
        let goes_on = is_note
            && lines.last().is_some_and(|last| last.lane.is_empty())
            && !starts.iter().any(|start| text.starts_with(start));
        if is_line || (is_note && !goes_on) {
            let at = cell(TIME);
            if !at.is_empty() {
                time = at;
            }
            lines.push(Line {
                time: time.clone(),
                lane: if is_line { lane } else { String::new() },
                text,
                row: index,
                rows: 1,
            });
        } else if !text.is_empty() && !row.starts_with('─') {
            let line = lines
                .last_mut()
                .expect("a wrapped line follows its beginning");
            line.text.push(' ');
            line.text.push_str(&text);
            line.rows += 1;
        }
    }
    lines
}

/// What one lane says, in order.
pub fn lane(lines: &[Line], lane: &str) -> Vec<String> {
    lines
        .iter()
        .filter(|line| line.lane == lane)
        .map(|line| line.text.clone())
        .collect()
}

/// The wire without what timing decides: how messages share frames, and when windows are topped up.
/// What remains is, for each stream and direction, the headers, how many messages came, and the end.
pub fn wire_essence(lines: &[Line]) -> Vec<String> {
    let mut streams: Vec<(String, Vec<String>, u64)> = Vec::new();
    for text in lane(lines, "wire") {
        let mut words = text.split_whitespace();
        let (Some(direction), Some(kind), Some(stream)) =
            (words.next(), words.next(), words.next())
        else {
            continue;
        };
        if stream == "#0" || kind == "WINDOW_UPDATE" {
            continue;
        }
        let key = format!("{direction} {stream}");
        let index = streams
            .iter()
            .position(|(name, ..)| *name == key)
            .unwrap_or_else(|| {
                streams.push((key, Vec::new(), 0));
                streams.len() - 1
            });
        let (_, events, messages) = &mut streams[index];
        let rest = words.collect::<Vec<_>>().join(" ");
        if kind == "DATA" {
            *messages += messages_that_end(&rest);
            if let Some(end) = rest.find("END_STREAM") {
                events.push(rest[end..].to_owned());
            }
        } else {
            events.push(format!("{kind} {rest}"));
        }
    }
    streams
        .into_iter()
        .map(|(key, events, messages)| format!("{key}: {messages} messages; {}", events.join("; ")))
        .collect()
}

/// How many messages are complete with this frame, from its words.
fn messages_that_end(words: &str) -> u64 {
    words
        .split(", ")
        .map(|part| {
            if part.starts_with("one ends") || part.starts_with("a message ends") {
                return 1;
            }
            let Some((count, unit)) = part.split_once(' ') else {
                return 0;
            };
            let unit_is_message = unit.starts_with("message");
            count
                .replace(',', "")
                .parse()
                .ok()
                .filter(|_| unit_is_message)
                .unwrap_or(0)
        })
        .sum()
}
