//! What the book claims in numbers, measured. Each chapter's prose includes its values from
//! `tests/snapshots/facts/`; a test that turns red here names the sentence that became untrue.

#[path = "facts/events.rs"]
mod events;
#[path = "facts/frames.rs"]
mod frames;
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
