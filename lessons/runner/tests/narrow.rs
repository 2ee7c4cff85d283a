//! Every command in a narrow window: no word is cut, and nothing is wider than the window.

use crate::mini::{BROKEN, Mini, PASSES};

/// Lines that are there to be copied are not broken: commands, and paths.
fn is_copied(line: &str) -> bool {
    [
        "cargo run",
        "lessons/",
        "book/src/",
        "solutions/",
        "grpcurl",
    ]
    .iter()
    .any(|start| line.trim_start().starts_with(start))
        || line.starts_with("  Change")
        || line.starts_with("  Read")
        || line.starts_with("  Play")
}

fn fits(text: &str, width: usize) {
    for line in text.lines() {
        assert!(
            line.chars().count() <= width || is_copied(line),
            "{line}\nin\n{text}"
        );
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mini = Mini::new();
    mini.answer("02_two", PASSES);
    mini.answer("03_three", BROKEN);
    mini.has("01_one open\n01_one passed\n");
    for width in ["40", "60"] {
        let columns = width.parse().expect("a number");
        let commands: [&[&str]; 12] = [
            &[],
            &["list"],
            &["next", "1"],
            &["check", "1"],
            &["check", "2"],
            &["check", "3"],
            &["check", "--all"],
            &["hint", "1"],
            &["hint", "1", "--tier", "3"],
            &["class", "1"],
            &["--help"],
            &["watch", "--help"],
        ];
        for words in commands {
            let words = [&["--width", width], words].concat();
            fits(&mini.run(&words).stdout, columns);
        }
    }
}

#[test]
fn a_finding_is_wrapped_between_words() {
    let mini = Mini::new();
    let ran = mini.run(&["check", "--width", "40"]);
    let expected = "  ✘ says 42 — it says something else.\n    What is six times seven?\n";
    assert!(ran.stdout.contains(expected), "{}", ran.stdout);
}

#[test]
fn a_wide_terminal_is_used() {
    let mini = Mini::new();
    let ran = mini.run(&["check", "--width", "100"]);
    let expected = "  ✘ says 42 — it says something else. What is six times seven?\n";
    assert!(ran.stdout.contains(expected), "{}", ran.stdout);
}
