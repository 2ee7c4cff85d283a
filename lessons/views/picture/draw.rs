//! The picture itself: classes only, so that it follows the theme of the page that shows it.

use svg::Document;
use svg::node::element::{Circle, Description, Group, Line, Polygon, Rectangle, Text, Title};

use super::bars::{Bar, BarEnd, HalfClosed, bars, is_after_the_call};
use super::columns::{BESIDE, Columns, WIDTH, count};
use super::label::{Arrow, arrow, ends};
use super::layout::{BASELINE, HEAD, LEADING, Placed, TIME};
use super::rows::Mark;
use streaming_lab::run::{Connection, HostName, Role};
use streaming_lab::wire::{Body, Frame};

/// Beside each other stand at most this many bars; what is more shares the last place.
const LEVELS: usize = 4;
const BAR: f64 = 6.0;
const STEP: f64 = 4.0;

/// A sequence diagram as SVG, without a blank line: Markdown would end the picture there.
pub(super) fn draw(
    title: &str,
    description: &str,
    columns: &Columns,
    rows: &[Placed],
    half_closed: &HalfClosed,
) -> String {
    let bottom = rows.last().map_or(HEAD, |last| last.top + last.height) + 12.0;
    let bars = bars(rows, half_closed, bottom);
    let mut document = Document::new()
        .set("class", "diagram")
        .set("role", "img")
        .set("viewBox", (0.0, 0.0, columns.width, bottom + 4.0))
        .add(Title::new(title))
        .add(Description::new().add(svg::node::Text::new(description)));
    if columns.width > WIDTH {
        // Its labels stay as large as in a narrow one: the box scrolls.
        document = document.set("style", format!("--width: {}px", columns.width));
    }
    for (x, name, class) in lifelines(columns) {
        let line = line(x, HEAD - 8.0, x, bottom);
        document = document
            .add(text(name, x, 14.0, "name middle"))
            .add(line.set("class", format!("life {class}")));
    }
    for bar in &bars {
        let Connection { client, server, .. } = &bar.connection;
        let (client, server) = (columns.x(client), columns.x(server));
        let side = (server - client).signum();
        document = document
            .add(bar_at(bar, client, side))
            .add(bar_at(bar, server, -side));
    }
    let role = |host: &HostName| columns.role(host);
    for row in rows {
        let after = is_after_the_call(role, row, rows, &bars);
        document = document.add(group(row, columns, after));
    }
    // On a phone the box scrolls, and not the page.
    format!("<div class=\"scroll\">\n{document}\n</div>")
}

/// Each lifeline's place, name and class; the wire has one of its own where it is all that lies between
/// two hosts.
fn lifelines(columns: &Columns) -> Vec<(f64, &str, &str)> {
    let hosts = columns.lifelines.iter().map(|line| {
        let class = match line.role {
            Role::Client => "client",
            Role::Server => "server",
            Role::Relay => "relay",
        };
        (line.x, line.name.as_str(), class)
    });
    let mut all: Vec<(f64, &str, &str)> = hosts.collect();
    if let Some(x) = columns.wire {
        all.insert(all.len().min(1), (x, "wire", "wire"));
    }
    all
}

/// `side` is 1 where further bars stand to the right, -1 where they stand to the left.
fn bar_at(bar: &Bar, x: f64, side: f64) -> Rectangle {
    let level = count(bar.level.min(LEVELS - 1));
    let class = match bar.end {
        BarEnd::Seen => "bar",
        BarEnd::Open => "bar open",
        BarEnd::Stuck => "bar stuck",
        BarEnd::LeftOut => "bar left-out",
    };
    Rectangle::new()
        .set("class", class)
        .set("x", x + side * STEP * level - BAR / 2.0)
        .set("y", bar.top)
        .set("width", BAR)
        .set("height", bar.bottom - bar.top)
}

fn group(row: &Placed, columns: &Columns, after: bool) -> Group {
    let mut group = Group::new()
        .set("class", "row")
        .set("data-time", row.row.time());
    if let Some((line, lines)) = row.row.line {
        group = group.set("data-line", line).set("data-lines", lines);
    }
    // What shows the current step, and what a mouse can hit.
    let hit = Rectangle::new()
        .set("class", "hit")
        .set("x", 0)
        .set("y", row.top)
        .set("width", columns.width)
        .set("height", row.height);
    group = group.add(hit);
    if let Some(time) = &row.time {
        group = group.add(text(time, TIME, row.top + BASELINE, "time end"));
    }
    if let Some((words, height)) = &row.waited {
        let middle = row.top - height / 2.0;
        group = group.add(text(words, columns.middle(), middle + 4.0, "later middle"));
    }
    match &row.row.mark {
        Mark::Said { host, leaks, .. } => said(group, row, columns, host, *leaks, after),
        Mark::Sent {
            connection,
            frame,
            lost,
            ..
        } => sent(group, row, columns, connection, frame, *lost),
        Mark::Note(_) => note(group, row, columns),
        Mark::Cut(_) => {
            let y = row.top + BASELINE;
            group.add(text(&row.text[0], columns.middle(), y, "cut middle"))
        }
    }
}

fn said(
    group: Group,
    row: &Placed,
    columns: &Columns,
    host: &HostName,
    leaks: bool,
    after: bool,
) -> Group {
    let x = columns.x(host);
    let words_left = columns.lifeline(host).is_some_and(|line| line.words_left);
    let (beside, anchor) = if words_left {
        (-BESIDE, "end")
    } else {
        (BESIDE, "start")
    };
    let class = if after {
        "said after"
    } else if leaks {
        "said leak"
    } else {
        "said"
    };
    let dot = Circle::new()
        .set("class", class)
        .set("cx", x)
        .set("cy", row.middle())
        .set("r", 4);
    lines_of(
        group.add(dot),
        row,
        x + beside,
        row.top + BASELINE,
        &format!("{class} {anchor}"),
    )
}

fn sent(
    group: Group,
    row: &Placed,
    columns: &Columns,
    connection: &Connection,
    frame: &Frame,
    lost: bool,
) -> Group {
    let class = match arrow(frame) {
        Arrow::Headers => "headers",
        Arrow::Data => "data",
        Arrow::End => "ends",
        Arrow::Failure => "failure",
        Arrow::Control => "control",
    };
    let y = row.middle();
    let from = columns.x(connection.sender(frame.direction));
    let to = columns.x(connection.receiver(frame.direction));
    let forward = (to - from).signum();
    let room = forward * (BAR / 2.0 + 1.0);
    let (from, mut to) = (from + room, to - room);
    if lost {
        // It goes half of the way.
        to = f64::midpoint(from, to);
    }
    let at = |back: f64, across: f64| format!("{},{}", to - forward * back, y + across);
    let shaft = line(from, y, to - forward * 6.0, y).set("class", format!("shaft {class}"));
    let head = Polygon::new().set("class", format!("head {class}")).set(
        "points",
        [at(0.0, 0.0), at(8.0, -4.0), at(8.0, 4.0)].join(" "),
    );
    let mut group = group.add(shaft).add(head);
    // After an end nothing more comes from there: a bar across the shaft. A reset is a cross.
    if matches!(frame.body, Body::Reset(_)) {
        for across in [-4.0, 4.0] {
            let x = to - forward * 16.0;
            let stroke = line(x - 4.0, y - across, x + 4.0, y + across);
            group = group.add(stroke.set("class", "cross failure"));
        }
    } else if ends(frame) {
        let x = to - forward * 12.0;
        group = group.add(line(x, y - 5.0, x, y + 5.0).set("class", format!("cross {class}")));
    }
    lines_of(
        group,
        row,
        row.centre(columns),
        row.top + BASELINE,
        &format!("{class} middle"),
    )
}

fn note(group: Group, row: &Placed, columns: &Columns) -> Group {
    let back = Rectangle::new()
        .set("class", "note")
        .set("x", TIME + 8.0)
        .set("y", row.top + 2.0)
        .set("width", columns.width - TIME - 16.0)
        .set("height", row.height - 4.0)
        .set("rx", 3);
    lines_of(
        group.add(back),
        row,
        columns.middle(),
        row.top + BASELINE + 5.0,
        "note middle",
    )
}

fn lines_of(mut group: Group, row: &Placed, x: f64, y: f64, class: &str) -> Group {
    for (index, line) in row.text.iter().enumerate() {
        group = group.add(text(line, x, y + count(index) * LEADING, class));
    }
    group
}

fn line(from_x: f64, from_y: f64, to_x: f64, to_y: f64) -> Line {
    Line::new()
        .set("x1", from_x)
        .set("y1", from_y)
        .set("x2", to_x)
        .set("y2", to_y)
}

fn text(content: &str, x: f64, y: f64, class: &str) -> Text {
    Text::new(content)
        .set("class", class)
        .set("x", x)
        .set("y", y)
}
