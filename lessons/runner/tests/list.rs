//! `list`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::mini::Mini;

#[test]
fn list_shows_every_lesson_with_a_mark() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n02_two open\n");
    assert_eq!(
        mini.run(&["list"]).stdout,
        "\
The Streaming Workbook                                             1 of 3 passed

I. Numbers
  ✔ 01 One
  ○ 02 Two    ← you are here

II. More numbers
  · 03 Three

· not started   ○ open   ✔ passed   ✘ passed before, fails now

The files of one: cargo run -- list 4
"
    );
}

#[test]
fn list_with_a_lesson_names_its_files() {
    let mini = Mini::new();
    let ran = mini.run(&["list", "2"]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stdout,
        "\
02 Two
  chapter   book/src/02_two.md
  scenes    lessons/02_two/main.rs
  exercise  lessons/02_two/exercise.rs
  program   cargo run --bin lesson02
"
    );
    assert_eq!(mini.run(&["list", "9"]).code, Some(2));
}

#[test]
fn where_the_terminal_makes_links_paths_are_links_and_never_with_plain() {
    let mini = Mini::new();
    let linked = |words: &[&str]| {
        // Colour is forced as well, because a pipe otherwise gets no codes at all.
        let mut command = mini.command(words);
        command
            .env("FORCE_HYPERLINK", "1")
            .env("CLICOLOR_FORCE", "1");
        let output = command.output().expect("cargo has built the runner");
        String::from_utf8(output.stdout).expect("the runner prints UTF-8")
    };
    let list = linked(&["list", "3"]);
    let name = "lessons/03_three/exercise.rs";
    let link = format!("/{name}\u{1b}\\{name}\u{1b}]8;;\u{1b}\\\n");
    assert!(list.contains("\u{1b}]8;;file:///"), "{list:?}");
    assert!(list.contains(&link), "{list:?}");
    let plain = linked(&["list", "3", "--plain"]);
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
}

#[test]
fn a_reader_that_goes_early_is_no_failure() {
    let mini = Mini::new();
    let mut runner = mini.command(&["list"]);
    runner.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut runner = runner.spawn().expect("cargo has built the runner");
    let mut line = String::new();
    let mut reader = BufReader::new(runner.stdout.take().expect("it is piped"));
    reader.read_line(&mut line).expect("it prints UTF-8");
    drop(reader);
    let output = runner.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}
