//! The picture itself. Colours are the book's style sheet's (`book/theme/workbook.css`): here are
//! classes only, so that a picture follows the page's theme.

use svg::Document;
use svg::node::element::{Circle, Description, Group, Line, Polygon, Rectangle, Text, Title};

use super::bars::{Bar, BarEnd, bars, is_after_the_call};
use super::layout::{BASELINE, BESIDE, CLIENT, HEAD, LEADING, Placed, SERVER, TIME, WIDTH, WIRE};
use super::rows::Mark;
use super::words::{Arrow, Frame};

/// Beside each other stand at most this many bars; what is more shares the last place.
const LEVELS: usize = 4;
const BAR: f64 = 6.0;
const STEP: f64 = 4.0;

/// A sequence diagram as SVG, without a blank line: Markdown would end the picture there.
pub fn draw(title: &str, description: &str, rows: &[Placed]) -> String {
    let bottom = rows.last().map_or(HEAD, |last| last.top + last.height) + 12.0;
    let bars = bars(rows, bottom);
    let mut document = Document::new()
        .set("class", "diagram")
        .set("role", "img")
        .set("viewBox", (0.0, 0.0, WIDTH, bottom + 4.0))
        .add(Title::new(title))
        .add(Description::new().add(svg::node::Text::new(description)));
    for (x, name) in [(CLIENT, "client"), (WIRE, "wire"), (SERVER, "server")] {
        let line = line(x, HEAD - 8.0, x, bottom);
        document = document
            .add(text(name, x, 14.0, "name middle"))
            .add(line.set("class", format!("life {name}")));
    }
    for bar in &bars {
        document = document
            .add(bar_at(bar, CLIENT, 1.0))
            .add(bar_at(bar, SERVER, -1.0));
    }
    for row in rows {
        document = document.add(group(row, is_after_the_call(row, rows, &bars)));
    }
    // On a phone the box scrolls, and not the page.
    format!("<div class=\"scroll\">\n{document}\n</div>")
}

/// `side` is 1 where further bars stand to the right, -1 where they stand to the left.
fn bar_at(bar: &Bar, x: f64, side: f64) -> Rectangle {
    let level = u32::try_from(bar.level.min(LEVELS - 1)).expect("a small number");
    let class = match bar.end {
        BarEnd::Seen => "bar",
        BarEnd::Open => "bar open",
        BarEnd::Stuck => "bar stuck",
        BarEnd::LeftOut => "bar left-out",
    };
    Rectangle::new()
        .set("class", class)
        .set("x", x + side * STEP * f64::from(level) - BAR / 2.0)
        .set("y", bar.top)
        .set("width", BAR)
        .set("height", bar.bottom - bar.top)
}

fn group(row: &Placed, after: bool) -> Group {
    let mut group = Group::new()
        .set("class", "row")
        .set("data-time", row.row.time.as_str());
    if let Some((line, lines)) = row.row.line {
        group = group.set("data-line", line).set("data-lines", lines);
    }
    // What shows the current step, and what a mouse can hit.
    let hit = Rectangle::new()
        .set("class", "hit")
        .set("x", 0)
        .set("y", row.top)
        .set("width", WIDTH)
        .set("height", row.height);
    group = group.add(hit);
    if let Some(time) = &row.time {
        group = group.add(text(time, TIME, row.top + BASELINE, "time end"));
    }
    if let Some((words, height)) = &row.waited {
        let middle = row.top - height / 2.0;
        group = group.add(text(words, WIRE, middle + 4.0, "later middle"));
    }
    match &row.row.mark {
        Mark::Said { by_client, text } => said(group, row, *by_client, text, after),
        Mark::Sent(frame) => sent(group, row, frame),
        Mark::Note(_) => note(group, row),
        Mark::Cut(_) => group.add(text(&row.text[0], WIRE, row.top + BASELINE, "cut middle")),
    }
}

fn said(group: Group, row: &Placed, by_client: bool, all: &str, after: bool) -> Group {
    let (x, beside, anchor) = if by_client {
        (CLIENT, -BESIDE, "end")
    } else {
        (SERVER, BESIDE, "start")
    };
    let class = if after {
        "said after"
    } else if leaks(all) {
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

/// Whether the leak meter has found something.
fn leaks(text: &str) -> bool {
    text.strip_prefix("the leak meter: ")
        .is_some_and(|count| !count.starts_with("0 "))
}

fn sent(group: Group, row: &Placed, frame: &Frame) -> Group {
    let class = match frame.arrow() {
        Arrow::Headers => "headers",
        Arrow::Data => "data",
        Arrow::End => "ends",
        Arrow::Failure => "failure",
        Arrow::Control => "control",
    };
    let y = row.middle();
    let room = BAR / 2.0 + 1.0;
    let (from, to) = if frame.to_server {
        (CLIENT + room, SERVER - room)
    } else {
        (SERVER - room, CLIENT + room)
    };
    let forward = if frame.to_server { 1.0 } else { -1.0 };
    let at = |back: f64, across: f64| format!("{},{}", to - forward * back, y + across);
    let shaft = line(from, y, to - forward * 6.0, y).set("class", format!("shaft {class}"));
    let head = Polygon::new().set("class", format!("head {class}")).set(
        "points",
        [at(0.0, 0.0), at(8.0, -4.0), at(8.0, 4.0)].join(" "),
    );
    let mut group = group.add(shaft).add(head);
    // After an end nothing more comes from there: a bar across the shaft. A reset is a cross.
    if frame.kind == "RST_STREAM" {
        for across in [-4.0, 4.0] {
            let x = to - forward * 16.0;
            let stroke = line(x - 4.0, y - across, x + 4.0, y + across);
            group = group.add(stroke.set("class", "cross failure"));
        }
    } else if frame.ends() {
        let x = to - forward * 12.0;
        group = group.add(line(x, y - 5.0, x, y + 5.0).set("class", format!("cross {class}")));
    }
    lines_of(
        group,
        row,
        WIRE,
        row.top + BASELINE,
        &format!("{class} middle"),
    )
}

fn note(group: Group, row: &Placed) -> Group {
    let back = Rectangle::new()
        .set("class", "note")
        .set("x", TIME + 8.0)
        .set("y", row.top + 2.0)
        .set("width", WIDTH - TIME - 16.0)
        .set("height", row.height - 4.0)
        .set("rx", 3);
    lines_of(
        group.add(back),
        row,
        WIRE,
        row.top + BASELINE + 5.0,
        "note middle",
    )
}

fn lines_of(mut group: Group, row: &Placed, x: f64, y: f64, class: &str) -> Group {
    for (index, line) in (0_u32..).zip(&row.text) {
        group = group.add(text(line, x, y + f64::from(index) * LEADING, class));
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
