//! `cargo run`, `next` and `list`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::mini::Mini;
#[cfg(unix)]
use crate::terminal::Terminal;

#[test]
fn home_shows_each_lesson_with_a_mark_where_i_am_and_one_next_command() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n02_two open\n");
    let ran = mini.run(&[]);
    assert_eq!(ran.code, Some(0));
    assert_eq!(
        ran.stdout,
        "\
The Streaming Workbook                                             1 of 3 passed

I. Numbers
  ✔ 01 One
  ○ 02 Two    ← you are here

II. More numbers
  · 03 Three

· not started   ○ open   ✔ passed   ✘ passed before, fails now

Next: cargo run -- watch
"
    );
}

#[test]
fn plain_says_in_words_what_signs_say() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n01_one failed\n");
    let ran = mini.run(&["--plain"]);
    assert_eq!(
        ran.stdout,
        "\
The Streaming Workbook: 0 of 3 passed

I. Numbers
  01 One: passed before, fails now; you are here
  02 Two: not started

II. More numbers
  03 Three: not started

Next: cargo run -- watch
"
    );
}

#[test]
fn the_next_command_leads_from_the_first_lesson_to_the_last() {
    let mini = Mini::new();
    let next = || {
        let home = mini.run(&[]).stdout;
        let last = home.lines().last().expect("home prints something");
        last.strip_prefix("Next: cargo run -- ")
            .expect("the last line is the next command")
            .to_owned()
    };
    for stem in ["01_one", "02_two", "03_three"] {
        assert_eq!(next(), "next");
        let begun = mini.run(&["next"]);
        assert!(
            begun
                .stdout
                .contains(&format!("lessons/{stem}/exercise.rs"))
        );
        assert_eq!(next(), "watch");
        mini.has(&format!("{}\n{stem} passed\n", mini.progress()));
    }
    assert_eq!(next(), "check --all     # all passed; do they still?");
    let done = mini.run(&["next"]);
    assert!(done.stdout.starts_with("All exercises have passed."));
}

#[test]
fn next_says_what_to_read_play_change_and_type() {
    let mini = Mini::new();
    let ran = mini.run(&["next", "2"]);
    assert_eq!(
        ran.stdout,
        "\
02 Two (open)

  Read    book/src/02_two.md, or `cargo run -- book`
  Play    cargo run --bin lesson02 -- --wire
  Change  lessons/02_two/exercise.rs
  Check   cargo run -- check
          cargo run -- watch     (checks whenever you save)
  Stuck?  cargo run -- hint
"
    );
    assert_eq!(mini.progress(), "02_two open");
    // It does not go on by itself.
    let again = mini.run(&["next"]);
    assert!(again.stdout.starts_with("02 Two (open)"));
    assert!(again.stdout.ends_with("go on: cargo run -- next 03\n"));
}

#[test]
fn a_lesson_has_four_names() {
    let mini = Mini::new();
    for name in ["3", "03", "lesson03", "03_three"] {
        assert!(mini.run(&["next", name]).stdout.starts_with("03 Three"));
    }
}

#[test]
fn a_lesson_that_is_not_there_is_a_bad_command_line_that_lists_those_there_are() {
    let mini = Mini::new();
    for words in [
        &["next", "9"],
        &["check", "lesson"],
        &["reset", "../01_one"],
    ] {
        let ran = mini.run(words);
        assert_eq!(ran.code, Some(2));
        assert_eq!(ran.stdout, "");
        let expected = format!(
            "error: there is no lesson \"{}\". There are 01 02 03.\n",
            words[1]
        );
        assert_eq!(ran.stderr, expected);
    }
}

#[test]
fn strange_progress_is_passed_over() {
    let mini = Mini::new();
    mini.has("\u{0}\nmy notes: 02_two was hard\n99_gone passed\n01_one passed\n02_two eaten\n");
    let home = mini.run(&[]).stdout;
    assert!(home.contains("✔ 01 One"), "{home}");
    assert!(home.contains("progress.txt says nothing that is understood in 3 of its lines."));
}

#[test]
fn progress_that_cannot_be_read_is_one_line() {
    let mini = Mini::new();
    std::fs::create_dir(mini.path("progress.txt")).expect("it can be made");
    let ran = mini.run(&[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr
            .starts_with("error: your progress cannot be read: ")
    );
    assert_eq!(ran.stderr.lines().count(), 1);
}

#[test]
fn a_folder_without_the_course_is_said_so() {
    let mini = Mini::new();
    std::fs::remove_dir_all(mini.path("book")).expect("it can be removed");
    let ran = mini.run(&[]);
    assert_eq!(ran.code, Some(1));
    assert!(
        ran.stderr.contains("the workbook is not in"),
        "{}",
        ran.stderr
    );
}

#[test]
fn list_names_each_lessons_files() {
    let mini = Mini::new();
    let ran = mini.run(&["list"]);
    assert_eq!(ran.code, Some(0));
    for name in [
        "book/src/02_two.md",
        "lessons/02_two/main.rs",
        "lessons/02_two/exercise.rs",
        "cargo run --bin lesson02",
    ] {
        assert!(ran.stdout.contains(name), "{name} in {}", ran.stdout);
    }
    assert!(!ran.stdout.contains('\u{1b}'), "{:?}", ran.stdout);
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
        let output = command.output().expect("cargo has built the desk");
        String::from_utf8(output.stdout).expect("the desk prints UTF-8")
    };
    let list = linked(&["list"]);
    let name = "lessons/03_three/exercise.rs";
    let link = format!("/{name}\u{1b}\\{name}\u{1b}]8;;\u{1b}\\\n");
    assert!(list.contains("\u{1b}]8;;file:///"), "{list:?}");
    assert!(list.contains(&link), "{list:?}");
    let plain = linked(&["list", "--plain"]);
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
}

#[test]
fn a_reader_that_goes_early_is_no_failure() {
    let mini = Mini::new();
    let mut desk = mini.command(&["list"]);
    desk.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut desk = desk.spawn().expect("cargo has built the desk");
    let mut line = String::new();
    let mut reader = BufReader::new(desk.stdout.take().expect("it is piped"));
    reader.read_line(&mut line).expect("it prints UTF-8");
    drop(reader);
    let output = desk.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(0));
}

#[cfg(unix)]
#[test]
fn a_terminal_gets_colour_and_with_no_color_or_plain_it_does_not() {
    const GREEN: &str = "\u{1b}[32m";
    let mini = Mini::new();
    mini.has("01_one passed\n");
    let shown = |words: &[&str], no_color: bool| {
        let root = mini.path("");
        let root = root.to_str().expect("its name is UTF-8");
        let mut environment = mini.environment();
        if no_color {
            environment.retain(|(name, _)| *name != "NO_COLOR");
            environment.push(("NO_COLOR", Some("1".into())));
        }
        let words = [&["--root", root], words].concat();
        let mut terminal = Terminal::run(env!("CARGO_BIN_EXE_desk"), &words, environment);
        terminal.shows(&["Next: "], &[]);
        terminal.coloured()
    };
    assert!(shown(&[], false).contains(GREEN));
    assert!(!shown(&[], true).contains(GREEN));
    assert!(!shown(&["--plain"], false).contains(GREEN));
}
