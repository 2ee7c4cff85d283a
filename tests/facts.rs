//! What the book claims in numbers, measured. Each chapter's prose includes its values from
//! `tests/snapshots/facts/`; a test that turns red here names the sentence that became untrue.

mod events;
mod frames;
mod lesson_01;
mod lesson_02;
mod lesson_03;
mod lesson_04;
mod lesson_05;
mod lesson_06;
mod lesson_07;
mod lesson_08;
mod lesson_09;
mod lesson_10;
mod lesson_11;
mod lesson_12;
mod lesson_13;
mod lesson_14;
mod lesson_15;
mod lesson_16;
mod lesson_17;
mod lesson_18;
mod lesson_19;
mod lesson_20;
mod lesson_21;
mod lesson_22;
mod lesson_23;
mod lesson_24;
mod lesson_25;
mod lesson_26;
mod lesson_27;

use crate::support::book::chapters;
use crate::support::facts::{assert_facts, fact, locked_version};
use crate::support::program::LESSONS;

#[test]
fn facts_of_the_course() {
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
        fact("lessons", LESSONS.len(), "the lessons that there are"),
        fact(
            "hours",
            minutes_of_all() / 60,
            "how long they take with all exercises, in hours",
        ),
    ];
    assert_facts("00_introduction", &facts);
}

/// What the chapters say of themselves, together.
fn minutes_of_all() -> u32 {
    let said = chapters().into_iter().map(|chapter| {
        let (_, minutes) = chapter.text.split_once("\nAbout ").expect("it says so");
        let (minutes, _) = minutes.split_once(' ').expect("About … minutes");
        minutes.parse::<u32>().expect("a number")
    });
    said.sum()
}

/// `rust-version` in Cargo.toml; the CI compiles with that version, too.
fn minimum_rust() -> String {
    let manifest = std::fs::read_to_string("Cargo.toml").expect("it is there");
    let (_, rest) = manifest
        .split_once("rust-version = \"")
        .expect("it is declared");
    rest.split('"').next().unwrap_or_default().to_owned()
}
