//! `hint`, `diff` and `reset`.

use std::io::Write as _;
use std::process::Stdio;

use crate::mini::{Mini, PASSES, Ran, STARTER};

#[test]
fn each_hint_is_asked_for_and_names_the_next() {
    let mini = Mini::new();
    assert_eq!(
        mini.run(&["hint", "02"]).stdout,
        "\
02 Two: Nudge

  What is six times seven?

  Say it.

A stronger hint: cargo run -- hint 02 --tier 2
"
    );
    let second = mini.run(&["hint", "02", "--tier", "2"]).stdout;
    assert!(second.contains("One more than 41."), "{second}");
    assert!(!second.contains("42"), "{second}");
    let third = mini.run(&["hint", "02", "--tier", "3"]).stdout;
    assert!(third.ends_with("cargo run -- diff 02 --spoil\n"), "{third}");
    assert_eq!(mini.run(&["hint", "02", "--tier", "4"]).code, Some(2));
}

#[test]
fn without_a_number_the_hint_is_for_where_i_am() {
    let mini = Mini::new();
    mini.has("03_three open\n");
    assert!(mini.run(&["hint"]).stdout.starts_with("03 Three: Nudge"));
}

#[test]
fn the_solution_is_compared_only_after_passing_or_when_asked_to_spoil() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    let early = mini.run(&["diff", "01"]);
    assert_eq!(early.code, Some(1));
    assert_eq!(early.stdout, "");
    assert!(
        early.stderr.contains("01 One does not pass."),
        "{}",
        early.stderr
    );
    let expected = "\
--- lessons/01_one/exercise.rs
+++ solutions/01_one/solution.rs
@@ lines 1-5 of mine, 1-5 of the solution @@
 pub fn answer() -> u32 {
-    40 + 2
+    42
 }
 
 pub fn exact() -> u32 {
";
    assert_eq!(mini.run(&["diff", "01", "--spoil"]).stdout, expected);
    mini.has("01_one passed\n");
    assert_eq!(mini.run(&["diff", "01"]).stdout, expected);
}

fn reset(mini: &Mini, answer: &str) -> Ran {
    let mut command = mini.command(&["reset", "01"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("cargo has built the runner");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all(answer.as_bytes()).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends").into()
}

#[test]
fn reset_asks_and_anything_but_yes_changes_nothing() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    for answer in ["", "y?", "\n", "n\n", "maybe\n"] {
        let ran = reset(&mini, answer);
        assert_eq!(ran.code, Some(1));
        assert!(ran.stdout.contains("[y/N]"), "{}", ran.stdout);
        assert!(
            ran.stdout.ends_with("Nothing is changed.\n"),
            "{}",
            ran.stdout
        );
        assert_eq!(mini.read("lessons/01_one/exercise.rs"), PASSES);
    }
}

#[test]
fn reset_keeps_every_version_and_says_where() {
    let mini = Mini::new();
    mini.has("01_one passed\n");
    for (number, text, answer) in [(1, PASSES, "y\n"), (2, "// another\n", "YES")] {
        mini.answer("01_one", text);
        let ran = reset(&mini, answer);
        assert_eq!(ran.code, Some(0), "{}", ran.stderr);
        let kept = format!("lessons/01_one/exercise.mine-{number}.rs");
        assert!(
            ran.stdout.ends_with(&format!("Your version: {kept}\n")),
            "{}",
            ran.stdout
        );
        assert_eq!(mini.read(&kept), text);
        assert_eq!(mini.read("lessons/01_one/exercise.rs"), STARTER);
    }
    assert!(mini.run(&[]).stdout.contains("○ 01 One"));
    let before = mini.progress();
    let again = mini.run(&["reset", "01", "--yes"]);
    assert_eq!(mini.progress(), before, "nothing has happened");
    assert_eq!(
        again.stdout,
        "lessons/01_one/exercise.rs is its starter already.\n"
    );
}

#[test]
fn a_starter_that_is_missing_loses_nothing() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    std::fs::remove_file(mini.path("solutions/01_one/starter.rs")).expect("it was there");
    let ran = mini.run(&["reset", "01", "--yes"]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr
            .contains("solutions/01_one/starter.rs cannot be read")
    );
    assert_eq!(mini.read("lessons/01_one/exercise.rs"), PASSES);
}
