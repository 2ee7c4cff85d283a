//! `cargo run` and `next`.

use crate::mini::Mini;
#[cfg(unix)]
use crate::terminal::Terminal;

#[test]
fn home_shows_where_i_am_the_other_parts_on_a_line_each_and_one_next_command() {
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
II. More numbers  0 of 1 ·

· not started   ○ open   ✔ passed   ✘ passed before, fails now

All lessons: cargo run -- list
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
II. More numbers: 0 of 1 passed

All lessons: cargo run -- list
Next: cargo run -- watch
"
    );
}

#[test]
fn home_fits_on_a_screen_of_24_rows_with_27_lessons_in_6_parts() {
    let mini = Mini::long();
    mini.has("30_lesson open\n10_lesson passed\n");
    let home = mini.run(&[]).stdout;
    // The shell's own prompt comes below it.
    assert!(home.lines().count() < 24, "{home}");
    assert!(
        home.contains("1. A part of the course  1 of 4 ○\n"),
        "{home}"
    );
    assert!(
        home.contains("  ○ 30 A lesson of ordinary length"),
        "{home}"
    );
    assert!(!home.contains("20 A lesson"), "{home}");
    assert_eq!(mini.run(&["list"]).stdout.matches(" A lesson ").count(), 27);
}

#[test]
fn a_folded_part_in_which_something_fails_again_says_so() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n01_one failed\n03_three open\n");
    let home = mini.run(&[]).stdout;
    assert!(home.contains("I. Numbers        0 of 2 ✘\n"), "{home}");
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

  Read    book/src/02_two.md
          cargo run -- book      (the same in the browser)
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
    assert!(home.contains("cannot be understood."));
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
        let mut terminal = Terminal::run(env!("CARGO_BIN_EXE_runner"), &words, environment);
        terminal.shows(&["Next: "], &[]);
        terminal.coloured()
    };
    assert!(shown(&[], false).contains(GREEN));
    assert!(!shown(&[], true).contains(GREEN));
    assert!(!shown(&["--plain"], false).contains(GREEN));
}
