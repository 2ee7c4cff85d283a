//! The book's sequence diagrams, drawn from the same runs as its transcripts.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::support::book::pages;
use crate::support::program::{LESSONS, Lesson};
use crate::support::runs::{every_run, run_of};
use crate::support::snapshot;
use run_views::picture::Picture;
use workbook::run::Run;

/// Scenes whose lines are a table or a plot: there is nothing to draw between two lifelines.
const TABLES: [&str; 1] = ["09_backpressure/plot"];

/// A scene's picture, and the name of the transcript that it belongs to: "03_client_streaming/refused.wire".
struct Named {
    name: String,
    picture: Picture,
}

/// Two pictures of each scene, drawn once for all tests.
fn pictures() -> &'static [Named] {
    static PICTURES: OnceLock<Vec<Named>> = OnceLock::new();
    PICTURES.get_or_init(|| every_run().flat_map(of_lesson).collect())
}

fn of_lesson((lesson, run): (Lesson, &Run)) -> Vec<Named> {
    let mut pictures = Vec::new();
    for scene in &run.scenes {
        let name = format!("{}/{}", lesson.stem, scene.head.name);
        pictures.push(Named {
            name: format!("{name}.wire"),
            picture: Picture::of(scene, true),
        });
        if !TABLES.contains(&name.as_str()) {
            let picture = Picture::of(scene, false);
            pictures.push(Named { name, picture });
        }
    }
    pictures
}

/// The transcripts that the pages show: "03_client_streaming/refused.wire".
fn shown_in_the_book() -> BTreeSet<String> {
    let names = pages()
        .iter()
        .flat_map(crate::support::book::Page::includes)
        .filter_map(|include| {
            let name = include.path.to_str()?.split_once("snapshots/")?.1;
            let name = name
                .strip_suffix(".svg.snap")
                .or(name.strip_suffix(".snap"))?;
            Some(name.to_owned())
        })
        .collect::<Vec<_>>();
    names.into_iter().collect()
}

#[test]
fn every_transcript_of_the_book_is_drawn_too() {
    let shown = shown_in_the_book();
    let mut drawn = BTreeSet::new();
    for Named { name, picture } in pictures() {
        if shown.contains(name) {
            let svg = picture.svg();
            assert!(
                !svg.contains("\n\n"),
                "{name}: Markdown ends at a blank line"
            );
            snapshot(&format!("{name}.svg"), &svg);
            drawn.insert(name.to_owned());
        }
    }
    // What is shown and not drawn is a check's report, a table, or no transcript at all.
    for name in shown.difference(&drawn) {
        let is_transcript = LESSONS.iter().any(|lesson| {
            run_of(*lesson)
                .scenes
                .iter()
                .any(|scene| name.starts_with(&format!("{}/{}", lesson.stem, scene.head.name)))
        });
        assert!(
            !is_transcript || TABLES.contains(&name.as_str()) || name.contains("/check."),
            "{name} is shown in the book, and not drawn"
        );
    }
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_picture_in_any_scene() {
    for Named { name, picture } in pictures() {
        assert_eq!(picture.faults(), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn a_picture_shows_every_line_of_its_transcript_in_its_order() {
    for Named { name, picture } in pictures() {
        let lines = picture.lines();
        assert!(lines.is_sorted(), "{name}: {lines:?}");
        assert!(!lines.is_empty(), "{name}");
        if name.ends_with(".wire") {
            assert_eq!(lines.len(), picture.rows(), "{name}");
        }
    }
}

fn drawn(lesson: &str, name: &str, wire: bool) -> String {
    let wire = if wire { ".wire" } else { "" };
    let name = format!("{}/{name}{wire}", Lesson::numbered(lesson).stem);
    let named = pictures().iter().find(|named| named.name == name);
    named.expect("the lesson has the scene").picture.svg()
}

#[test]
fn a_call_that_is_open_when_the_scene_stalls_is_seen_to_be_stuck() {
    let stuck = drawn("08", "broken", true);
    assert_eq!(
        stuck.matches("class=\"bar stuck\"").count(),
        2,
        "on both lifelines"
    );
    let ends = drawn("08", "limited", true);
    assert!(
        !ends.contains("bar stuck") && !ends.contains("bar open"),
        "{ends}"
    );
}

#[test]
fn what_a_server_does_after_its_call_is_seen() {
    // Prices 3 to 6 are made when the client has disconnected.
    let broken = drawn("12", "broken", true);
    assert_eq!(
        broken.matches("<circle class=\"said after\"").count(),
        4,
        "{broken}"
    );
    let leaking = drawn("13", "broken", false);
    assert_eq!(leaking.matches("<circle class=\"said leak\"").count(), 1);
    let mended = drawn("13", "closed", false);
    assert!(!mended.contains("said leak"), "no task is left");
}

#[test]
fn a_half_close_and_a_reset_are_drawn_in_their_own_ways() {
    // The client half-closes; the server answers with its status, and tears down what is left.
    let refused = drawn("03", "refused", true);
    assert_eq!(
        refused.matches("class=\"cross failure\"").count(),
        3,
        "a status, and a cross"
    );
    let upload = drawn("03", "upload", true);
    assert_eq!(
        upload.matches("class=\"cross ends\"").count(),
        2,
        "each side ends its half"
    );
}

#[test]
fn two_connections_have_a_bar_for_each_of_their_calls() {
    // The downloads of the first connection are still open when the second carries a call #1.
    let fixed = drawn("11", "fixed", true);
    assert!(fixed.contains("2#1 HEADERS SayHi"), "{fixed}");
    let seen = fixed.matches("class=\"bar\"").count();
    assert_eq!(seen, 2, "only the greeting ends, on both lifelines");
}
