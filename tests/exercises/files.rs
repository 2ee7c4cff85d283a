//! That no file and no lesson is left out.

use std::collections::BTreeSet;
use std::fs;

use libtest_mimic::Failed;

use super::answers;

pub fn every_file_is_graded() -> Result<(), Failed> {
    let mut files = BTreeSet::new();
    for stem in stems()? {
        for file in fs::read_dir(format!("solutions/{stem}"))? {
            let file = file?.file_name().to_string_lossy().into_owned();
            // Beside the answers there are only the hints, which the runner's tests read.
            if file != "hints.md" {
                files.insert(format!("{stem}::{}", file.trim_end_matches(".rs")));
            }
        }
    }
    let graded: BTreeSet<String> = answers()
        .iter()
        .map(|answer| format!("{}::{}", answer.stem, answer.name()))
        .collect();
    assert_eq!(
        files, graded,
        "tests/exercises.rs must list every file in solutions/"
    );
    Ok(())
}

pub fn three_wrong_answers() -> Result<(), Failed> {
    for stem in stems()? {
        let answers = answers();
        let of_lesson = |prefix: &str| {
            answers
                .iter()
                .filter(|a| a.stem == stem && a.name().starts_with(prefix))
                .count()
        };
        assert_eq!(of_lesson("starter"), 1, "{stem}: one starter");
        assert_eq!(of_lesson("solution"), 1, "{stem}: one solution");
        assert!(
            of_lesson("wrong_") >= 3,
            "{stem}: three wrong answers or more"
        );
    }
    Ok(())
}

fn stems() -> Result<BTreeSet<String>, Failed> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir("lessons")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            stems.insert(name);
        }
    }
    Ok(stems)
}
