//! The runner and the real course.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folders of all lessons, sorted.
fn stems() -> Vec<String> {
    let folders = fs::read_dir(root().join("solutions")).expect("there are solutions");
    let mut stems: Vec<String> = folders
        .map(|entry| entry.expect("it can be read").file_name())
        .map(|name| name.into_string().expect("its name is UTF-8"))
        .collect();
    stems.sort();
    stems
}

/// The runner on the real course, without any progress.
fn runner(words: &[&str]) -> String {
    runner_with(Path::new(""), words)
}

fn runner_with(progress: &Path, words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_runner"))
        .args(words)
        .env("WORKBOOK_PROGRESS", progress)
        .output()
        .expect("cargo has built the runner");
    assert!(output.status.success(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).expect("it prints UTF-8")
}

#[test]
fn home_is_what_the_book_shows() {
    let folder = tempfile::tempdir().expect("the system gives us a folder");
    let progress = folder.path().join("progress.txt");
    let mut text = String::new();
    for stem in &stems()[..3] {
        text.push_str(&format!("{stem} open\n{stem} passed\n"));
    }
    text.push_str(&format!("{} open\n", stems()[3]));
    fs::write(&progress, text).expect("it can be written");
    insta::with_settings!({
        snapshot_path => root().join("tests/snapshots"),
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!("runner.home", runner_with(&progress, &[]));
    });
}

#[test]
fn the_list_has_every_lesson_and_everything_fits_into_80_columns() {
    let list = runner(&["list", "--plain"]);
    let stems = stems();
    assert!(stems.len() >= 15, "{stems:?}");
    for stem in &stems {
        let number = &stem[..2];
        assert!(list.contains(&format!("  {number} ")), "{number} in {list}");
    }
    for words in [
        &[][..],
        &["--help"],
        &["next"],
        &["hint", "14", "--tier", "3"],
    ] {
        for line in runner(words).lines() {
            assert!(line.chars().count() <= 80, "{words:?}: {line}");
        }
    }
}

#[test]
fn every_help_fits_into_80_columns() {
    let commands = [
        "next", "check", "watch", "hint", "diff", "reset", "list", "book", "class", "call",
    ];
    for command in commands {
        for line in runner(&[command, "--help"]).lines() {
            assert!(line.chars().count() <= 80, "{command}: {line}");
        }
    }
}

#[test]
fn every_lesson_has_three_hints_and_none_is_the_one_before() {
    for stem in stems() {
        let number = &stem[..2];
        let hints: BTreeSet<String> = ["1", "2", "3"]
            .into_iter()
            .map(|tier| runner(&["hint", number, "--tier", tier]))
            .collect();
        assert_eq!(hints.len(), 3, "{stem}");
    }
}

#[test]
fn whatever_a_hint_calls_by_name_is_in_the_lesson() {
    for stem in stems() {
        let folder = root().join("solutions").join(&stem);
        let read = |path: PathBuf| fs::read_to_string(path).expect("it can be read");
        let mut lesson = read(folder.join("solution.rs")) + &read(folder.join("starter.rs"));
        lesson += &read(root().join(format!("book/src/{stem}.md")));
        for entry in fs::read_dir(root().join("lessons").join(&stem)).expect("it is there") {
            let path = entry.expect("it can be read").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            // What a student writes proves nothing.
            if name.ends_with(".rs") && !name.starts_with("exercise") {
                lesson += &read(path);
            }
        }
        let hints = read(folder.join("hints.md"));
        let (_, hints) = hints.split_once("## Nudge").expect("it begins so");
        for code in hints.split('`').skip(1).step_by(2) {
            let names = code.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            for name in names.filter(|name| !name.is_empty()) {
                assert!(lesson.contains(name), "{stem}: {name} of `{code}`");
            }
        }
    }
}
