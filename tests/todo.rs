//! What is left to write in a lesson that `new-lesson` has begun: its templates say `TODO:` and what.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::program::LESSONS;

/// The files with texts that a lesson's author writes, and no student: an exercise is a student's.
fn files() -> Vec<PathBuf> {
    let mut files = vec![
        PathBuf::from("README.md"),
        PathBuf::from("tests/exercises.rs"),
    ];
    let mut folders = vec![
        PathBuf::from("book/src"),
        PathBuf::from("solutions"),
        PathBuf::from("tests/facts"),
    ];
    folders.extend(
        LESSONS
            .iter()
            .map(|lesson| Path::new("lessons").join(lesson.stem)),
    );
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("it is part of the repository") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("exercise.rs") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn nothing_is_left_to_write() {
    let mut left = Vec::new();
    for path in files() {
        let text = fs::read_to_string(&path).expect("a text file");
        for (index, line) in text.lines().enumerate() {
            if let Some((_, what)) = line.split_once("TODO: ") {
                left.push(format!("{}:{}: {what}", path.display(), index + 1));
            }
        }
    }
    assert!(
        left.is_empty(),
        "what is left to write, {} texts; each of these lines has a TODO:\n{}\n",
        left.len(),
        left.join("\n")
    );
}
