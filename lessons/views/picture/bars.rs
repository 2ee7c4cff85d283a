//! A bar on both lifelines for each call: from the frame that opens it to the frame that ends it.

use std::collections::BTreeSet;

use super::label::{ends, opens};
use super::layout::Placed;
use super::rows::Mark;
use streaming_lab::run::Scene;
use streaming_lab::run::{Connection, HostName, Note, Role};
use streaming_lab::wire::{Body, Direction};

/// A call, as long as it is seen to be open.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bar {
    pub connection: Connection,
    stream: u32,
    pub top: f64,
    pub bottom: f64,
    /// How many bars are open on one of its lifelines when it begins: it stands that much beside it.
    pub level: usize,
    pub end: BarEnd,
    client_done: bool,
    server_done: bool,
}

/// How a bar ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BarEnd {
    /// With a frame that is in the picture.
    Seen,
    /// Not at all: no frame ends the call.
    Open,
    /// Not at all, and the scene has stalled.
    Stuck,
    /// Among the lines that are left out.
    LeftOut,
}

impl Bar {
    fn is_of(&self, connection: &Connection, stream: u32) -> bool {
        self.connection == *connection && self.stream == stream
    }

    fn touches(&self, connection: &Connection) -> bool {
        let ends = [&self.connection.client, &self.connection.server];
        ends.contains(&&connection.client) || ends.contains(&&connection.server)
    }
}

/// The calls whose client has ended its half, whether the picture shows that frame or not.
pub(super) type HalfClosed = BTreeSet<(Connection, u32)>;

pub(super) fn half_closed(scene: &Scene) -> HalfClosed {
    let ends = scene
        .frames()
        .filter(|(_, _, frame)| frame.direction == Direction::ToServer && frame.end_stream);
    ends.map(|(_, connection, frame)| (connection.clone(), frame.stream))
        .collect()
}

/// The bars of a picture that ends at `bottom`.
pub(super) fn bars(rows: &[Placed], half_closed: &HalfClosed, bottom: f64) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let stalls = |row: &Placed| matches!(&row.row.mark, Mark::Note(Note::Stall(_)));
    let unseen = if rows.iter().any(stalls) {
        BarEnd::Stuck
    } else {
        BarEnd::Open
    };
    for (index, row) in rows.iter().enumerate() {
        match &row.row.mark {
            Mark::Cut(_) => open.retain(|&bar| {
                let comes_again = seen_again(&rows[index..], &bars[bar]);
                if !comes_again {
                    bars[bar].bottom = row.top;
                    bars[bar].end = BarEnd::LeftOut;
                }
                comes_again
            }),
            Mark::Sent {
                connection, frame, ..
            } if frame.stream != 0 => {
                if opens(frame) {
                    let level = open.iter().filter(|&&bar| bars[bar].touches(connection));
                    bars.push(Bar {
                        connection: connection.clone(),
                        stream: frame.stream,
                        top: row.middle(),
                        bottom,
                        level: level.count(),
                        end: unseen,
                        client_done: false,
                        server_done: false,
                    });
                    open.push(bars.len() - 1);
                }
                let of_frame = |bar: &&usize| bars[**bar].is_of(connection, frame.stream);
                let Some(&bar) = open.iter().find(of_frame) else {
                    continue;
                };
                if ends(frame) {
                    let is_reset = matches!(frame.body, Body::Reset(_));
                    let by_client = frame.direction == Direction::ToServer;
                    bars[bar].client_done |= by_client || is_reset;
                    bars[bar].server_done |= !by_client || is_reset;
                    // Its half-close may be among the lines that are left out.
                    bars[bar].client_done |=
                        !by_client && half_closed.contains(&(connection.clone(), frame.stream));
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

fn seen_again(rows: &[Placed], bar: &Bar) -> bool {
    rows.iter().any(|row| match &row.row.mark {
        Mark::Sent {
            connection, frame, ..
        } => bar.is_of(connection, frame.stream) && !opens(frame),
        _ => false,
    })
}

/// Whether the row is a server's line for which no call is open any more: work that goes on.
pub(super) fn is_after_the_call(
    scene_role: impl Fn(&HostName) -> Role,
    row: &Placed,
    rows: &[Placed],
    bars: &[Bar],
) -> bool {
    let Mark::Said { host, .. } = &row.row.mark else {
        return false;
    };
    let was_cut = rows
        .iter()
        .any(|other| other.top < row.top && matches!(other.row.mark, Mark::Cut(_)));
    let of_host = |bar: &&Bar| bar.connection.server == *host;
    let had_a_call = bars
        .iter()
        .filter(of_host)
        .any(|bar| bar.bottom <= row.middle());
    let has_a_call = bars
        .iter()
        .filter(of_host)
        .any(|bar| bar.top <= row.middle() && row.middle() < bar.bottom);
    scene_role(host) == Role::Server && !was_cut && had_a_call && !has_a_call
}
