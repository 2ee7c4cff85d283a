//! The book's sequence diagrams, drawn from the same runs as its transcripts.

#[path = "diagrams/bars.rs"]
mod bars;
#[path = "diagrams/draw.rs"]
mod draw;
#[path = "diagrams/layout.rs"]
mod layout;
#[path = "diagrams/rows.rs"]
mod rows;
mod support;
#[path = "diagrams/words.rs"]
mod words;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::thread;

use layout::{Area, CLIENT, Placed, SERVER, WIDTH, place};
use rows::{Mark, Row, between_lines, with_frames};
use support::book::pages;
use support::program::{LESSONS, Lesson};
use support::snapshot;

/// Scenes whose lines are a table or a plot: there is nothing to draw between two lifelines.
const TABLES: [&str; 1] = ["09_backpressure.plot"];

/// What is to be drawn of one transcript.
struct Picture {
    /// The transcript's snapshot: "03_client_streaming.refused.wire".
    name: String,
    title: String,
    rows: Vec<Row>,
}

/// Every scene's two transcripts.
static PICTURES: LazyLock<Vec<Picture>> = LazyLock::new(|| {
    thread::scope(|scope| {
        let lessons = LESSONS.map(|lesson| scope.spawn(move || pictures(lesson)));
        let drawn = lessons.map(|lesson| lesson.join().expect("every scene can be drawn"));
        drawn.into_iter().flatten().collect()
    })
});

fn pictures(lesson: Lesson) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for scene in lesson.scenes() {
        let plain = lesson.scene(&scene, &[]);
        let wire = lesson.scene(&scene, &["--wire"]);
        let title = wire.lines().next().unwrap_or_default();
        let picture = |name: String, rows| Picture {
            name,
            title: title.trim_matches(['─', ' ']).to_owned(),
            rows,
        };
        let name = format!("{}.{scene}", lesson.stem);
        pictures.push(picture(format!("{name}.wire"), with_frames(&wire)));
        if !TABLES.contains(&name.as_str()) {
            pictures.push(picture(name, between_lines(&plain, &wire)));
        }
    }
    pictures
}

/// The transcripts that the pages show: "03_client_streaming.refused.wire".
fn shown_in_the_book() -> BTreeSet<String> {
    pages()
        .iter()
        .flat_map(support::book::Page::includes)
        .filter_map(|include| {
            let name = include.path.file_name()?.to_str()?.to_owned();
            let name = name
                .strip_suffix(".svg.snap")
                .or(name.strip_suffix(".snap"))?;
            Some(name.to_owned())
        })
        .collect()
}

#[test]
fn every_transcript_of_the_book_is_drawn_too() {
    let shown = shown_in_the_book();
    let mut drawn = 0;
    for Picture { name, title, rows } in PICTURES.iter() {
        if shown.contains(name) {
            let svg = draw::draw(title, &description(rows), &place(rows));
            assert!(
                !svg.contains("\n\n"),
                "{name}: Markdown ends at a blank line"
            );
            snapshot(&format!("{name}.svg"), &svg);
            drawn += 1;
        }
    }
    assert!(
        drawn > 70,
        "only {drawn} of the book's transcripts are drawn"
    );
}

/// What a picture shows, for somebody who does not see it; the transcript has every word.
fn description(rows: &[Row]) -> String {
    let count = |wanted: fn(&Mark) -> bool| rows.iter().filter(|row| wanted(&row.mark)).count();
    let client = count(|mark| {
        matches!(
            mark,
            Mark::Said {
                by_client: true,
                ..
            }
        )
    });
    let server = count(|mark| {
        matches!(
            mark,
            Mark::Said {
                by_client: false,
                ..
            }
        )
    });
    let to_server = count(|mark| matches!(mark, Mark::Sent(frame) if frame.to_server));
    let to_client = count(|mark| matches!(mark, Mark::Sent(frame) if !frame.to_server));
    let resets = count(|mark| matches!(mark, Mark::Sent(frame) if frame.kind == "RST_STREAM"));
    let span = match (rows.first(), rows.last()) {
        (Some(first), Some(last)) => format!("From {} to {} s", first.time, last.time),
        _ => "At no time".to_owned(),
    };
    let notes = rows.iter().filter_map(|row| match &row.mark {
        Mark::Note(text) => Some(format!(" {text}")),
        _ => None,
    });
    format!(
        "{span} of virtual time. Lines of the client: {client}, of the server: {server}. Arrows to \
         the server: {to_server}, to the client: {to_client}, resets among them: {resets}.{} The \
         transcript above says the same in words.",
        notes.collect::<String>()
    )
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_picture_in_any_scene() {
    for Picture { name, rows, .. } in PICTURES.iter() {
        let placed = place(rows);
        for row in placed
            .iter()
            .filter(|row| matches!(row.row.mark, Mark::Sent(_)))
        {
            let [left, _, right, _] = row.areas()[0];
            assert!(
                CLIENT < left && right < SERVER,
                "{name}: {:?} crosses a lifeline",
                row.text
            );
        }
        let areas: Vec<Area> = placed.iter().flat_map(Placed::areas).collect();
        for (index, area) in areas.iter().enumerate() {
            assert!(area[0] >= 0.0 && area[2] <= WIDTH, "{name}: {area:?}");
            for other in &areas[index + 1..] {
                assert!(!overlap(area, other), "{name}: {area:?} and {other:?}");
            }
        }
    }
}

/// Whether two boxes have more in common than an edge.
fn overlap(
    [left, top, right, bottom]: &Area,
    [other_left, other_top, other_right, other_bottom]: &Area,
) -> bool {
    left < other_right && other_left < right && top < other_bottom && other_top < bottom
}

#[test]
fn a_picture_shows_every_line_of_its_transcript_in_its_order() {
    for Picture { name, rows, .. } in PICTURES.iter() {
        let lines: Vec<usize> = rows
            .iter()
            .filter_map(|row| row.line)
            .map(|line| line.0)
            .collect();
        assert!(lines.is_sorted(), "{name}: {lines:?}");
        assert!(!lines.is_empty(), "{name}");
        if name.ends_with(".wire") {
            assert_eq!(lines.len(), rows.len(), "{name}");
        }
    }
}

/// A picture that is not in the book, drawn again.
fn drawn(name: &str) -> String {
    let picture = PICTURES.iter().find(|picture| picture.name == name);
    let Picture { title, rows, .. } = picture.expect("there is that scene");
    draw::draw(title, &description(rows), &place(rows))
}

#[test]
fn a_call_that_is_open_when_the_bell_rings_is_seen_to_be_stuck() {
    let stuck = drawn("08_call_that_never_returns.broken.wire");
    assert_eq!(
        stuck.matches("class=\"bar stuck\"").count(),
        2,
        "on both lifelines"
    );
    let ends = drawn("08_call_that_never_returns.limited.wire");
    assert!(
        !ends.contains("bar stuck") && !ends.contains("bar open"),
        "{ends}"
    );
}

#[test]
fn what_a_server_does_for_nobody_is_seen() {
    // Prices 3 to 6 are made when the client has left.
    let broken = drawn("12_cancel_by_drop.broken.wire");
    assert_eq!(
        broken.matches("<circle class=\"said after\"").count(),
        4,
        "{broken}"
    );
    let leaking = drawn("13_leaked_tasks.broken");
    assert_eq!(leaking.matches("<circle class=\"said leak\"").count(), 1);
    let mended = drawn("13_leaked_tasks.closed");
    assert!(!mended.contains("said leak"), "no task is left");
}

#[test]
fn a_half_close_and_a_reset_are_drawn_in_their_own_ways() {
    // The client half-closes; the server answers with its status, and tears down what is left.
    let refused = drawn("03_client_streaming.refused.wire");
    assert_eq!(
        refused.matches("class=\"cross failure\"").count(),
        3,
        "a status, and a cross"
    );
    let upload = drawn("03_client_streaming.upload.wire");
    assert_eq!(
        upload.matches("class=\"cross ends\"").count(),
        2,
        "each side ends its half"
    );
}
