//! A bar on both lifelines for each call: from the frame that opens it to the frame that ends it.

use super::layout::Placed;
use super::rows::Mark;

/// A call, as long as it is seen to be open.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    stream: String,
    pub top: f64,
    pub bottom: f64,
    /// How many bars are open when it begins: it stands that much beside the lifeline.
    pub level: usize,
    pub end: BarEnd,
    client_done: bool,
    server_done: bool,
}

/// How a bar ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarEnd {
    /// With a frame that is in the picture.
    Seen,
    /// Not at all: no frame ends the call.
    Open,
    /// Not at all, and the bell has rung.
    Stuck,
    /// Among the lines that are left out.
    LeftOut,
}

/// The bars of a picture that ends at `bottom`.
pub fn bars(rows: &[Placed], bottom: f64) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let rings =
        |row: &Placed| matches!(&row.row.mark, Mark::Note(text) if text.starts_with("bell:"));
    let unseen = if rows.iter().any(rings) {
        BarEnd::Stuck
    } else {
        BarEnd::Open
    };
    for (index, row) in rows.iter().enumerate() {
        match &row.row.mark {
            Mark::Cut(_) => open.retain(|&bar| {
                let comes_again = seen_again(&rows[index..], &bars[bar].stream);
                if !comes_again {
                    bars[bar].bottom = row.top;
                    bars[bar].end = BarEnd::LeftOut;
                }
                bars[bar].end != BarEnd::LeftOut
            }),
            Mark::Sent(frame) if frame.stream != "#0" => {
                if frame.opens() {
                    // Another connection counts its streams from 1 again: the old one is gone.
                    open.retain(|&bar| {
                        let is_old = bars[bar].stream == frame.stream;
                        if is_old {
                            bars[bar].bottom = row.top;
                        }
                        !is_old
                    });
                    bars.push(Bar {
                        stream: frame.stream.clone(),
                        top: row.middle(),
                        bottom,
                        level: open.len(),
                        end: unseen,
                        client_done: false,
                        server_done: false,
                    });
                    open.push(bars.len() - 1);
                }
                let Some(&bar) = open.iter().find(|&&bar| bars[bar].stream == frame.stream) else {
                    continue;
                };
                if frame.ends() {
                    let is_reset = frame.kind == "RST_STREAM";
                    bars[bar].client_done |= frame.to_server || is_reset;
                    bars[bar].server_done |= !frame.to_server || is_reset;
                    if bars[bar].client_done && bars[bar].server_done {
                        bars[bar].bottom = row.middle();
                        bars[bar].end = BarEnd::Seen;
                        open.retain(|&other| other != bar);
                    }
                }
            }
            _ => {}
        }
    }
    bars
}

fn seen_again(rows: &[Placed], stream: &str) -> bool {
    rows.iter().any(|row| match &row.row.mark {
        Mark::Sent(frame) => frame.stream == stream && !frame.opens(),
        _ => false,
    })
}

/// Whether the row is a server's line for which no call is open any more: work that goes on.
pub fn is_after_the_call(row: &Placed, rows: &[Placed], bars: &[Bar]) -> bool {
    let is_servers = matches!(
        row.row.mark,
        Mark::Said {
            by_client: false,
            ..
        }
    );
    let was_cut = rows
        .iter()
        .any(|other| other.top < row.top && matches!(other.row.mark, Mark::Cut(_)));
    let had_a_call = bars.iter().any(|bar| bar.bottom <= row.middle());
    let has_a_call = bars
        .iter()
        .any(|bar| bar.top <= row.middle() && row.middle() < bar.bottom);
    is_servers && !was_cut && had_a_call && !has_a_call
}
