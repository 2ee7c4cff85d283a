//! What the book claims in numbers, measured. Each chapter's prose includes its values from
//! `tests/snapshots/facts/`; a test that turns red here names the sentence that became untrue.

#[path = "facts/lesson_01.rs"]
mod lesson_01;
#[path = "facts/lesson_02.rs"]
mod lesson_02;
#[path = "facts/lesson_03.rs"]
mod lesson_03;
#[path = "facts/lesson_04.rs"]
mod lesson_04;
#[path = "facts/lesson_05.rs"]
mod lesson_05;
#[path = "facts/lesson_06.rs"]
mod lesson_06;
#[path = "facts/lesson_07.rs"]
mod lesson_07;
#[path = "facts/lesson_08.rs"]
mod lesson_08;
#[path = "facts/lesson_09.rs"]
mod lesson_09;
#[path = "facts/lesson_10.rs"]
mod lesson_10;
#[path = "facts/lesson_11.rs"]
mod lesson_11;
#[path = "facts/lesson_12.rs"]
mod lesson_12;
#[path = "facts/lesson_13.rs"]
mod lesson_13;
#[path = "facts/lesson_14.rs"]
mod lesson_14;
#[path = "facts/lesson_15.rs"]
mod lesson_15;
mod support;

use support::facts::{assert_facts, fact, locked_version};
use support::program::Lesson;
use support::runs::scene_of;
use workbook::run::{Note, Scene, Stall, What, seconds};
use workbook::wire::describe;

/// One line or frame of a scene.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// Seconds since the scene began.
    time: String,
    /// A host, or "wire".
    lane: String,
    /// What it says.
    text: String,
}

/// The line that a lane says, starting with `start`, in a scene.
fn said(lines: &[Line], side: &str, start: &str) -> Line {
    lines
        .iter()
        .find(|line| line.lane == side && line.text.starts_with(start))
        .unwrap_or_else(|| panic!("no line of the {side} starts with {start:?}"))
        .clone()
}

fn times(lines: &[Line], side: &str, start: &str) -> Vec<String> {
    lines
        .iter()
        .filter(|line| line.lane == side && line.text.starts_with(start))
        .map(|line| line.time.clone())
        .collect()
}

fn scene(lesson: &str, name: &str) -> &'static Scene {
    scene_of(Lesson::numbered(lesson), name)
}

fn played(lesson: &str, name: &str) -> Vec<Line> {
    let events = scene(lesson, name).events.iter();
    let lines = events.filter_map(|event| {
        let (lane, text) = match &event.what {
            What::Said { host, text, .. } => (host.to_string(), text.clone()),
            What::Frame { frame, .. } => ("wire".to_owned(), describe(frame)),
            What::Note(_) => return None,
        };
        let time = seconds(event.at);
        Some(Line { time, lane, text })
    });
    lines.collect()
}

/// How a scene stalled.
fn stall(lesson: &str, name: &str) -> &'static Stall {
    let stall = scene(lesson, name).notes().find_map(|note| match note {
        Note::Stall(stall) => Some(stall),
        _ => None,
    });
    stall.unwrap_or_else(|| panic!("{lesson} {name} stalls"))
}

/// What one lane says, in order.
fn lane(lines: &[Line], lane: &str) -> Vec<String> {
    let of_lane = lines.iter().filter(|line| line.lane == lane);
    of_lane.map(|line| line.text.clone()).collect()
}

/// The word behind `before` in a text.
fn word_after(text: &str, before: &str) -> String {
    let (_, rest) = text
        .split_once(before)
        .unwrap_or_else(|| panic!("{before:?} in {text:?}"));
    rest.split(' ')
        .next()
        .unwrap_or_default()
        .trim_end_matches([':', ','])
        .to_owned()
}

/// Milliseconds of a time like "0.300".
fn ms(time: &str) -> u64 {
    time.replace('.', "")
        .parse()
        .expect("seconds with three decimals")
}

#[test]
fn facts_of_the_versions() {
    let about = "the version that everything in this book was measured with";
    let facts = [
        fact(
            "rust",
            minimum_rust(),
            "the oldest Rust that the workbook compiles with",
        ),
        fact("tonic", locked_version("tonic"), about),
        fact("h2", locked_version("h2"), about),
        fact("hyper", locked_version("hyper"), about),
        fact("tokio", locked_version("tokio"), about),
    ];
    assert_facts("00_introduction", &facts);
}

/// `rust-version` in Cargo.toml; the CI compiles with that version, too.
fn minimum_rust() -> String {
    let manifest = std::fs::read_to_string("Cargo.toml").expect("it is there");
    let (_, rest) = manifest
        .split_once("rust-version = \"")
        .expect("it is declared");
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn grouped(digits: &str) -> String {
    workbook::wire::grouped(digits.parse().expect("digits"))
}
