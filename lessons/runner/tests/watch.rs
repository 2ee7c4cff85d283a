//! `watch`, in a pseudo-terminal and without one.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use runner::watch::RawMode;

use crate::mini::{BROKEN, ENDLESS, LONG_REPORT, Mini, PASSES};
use crate::terminal::Terminal;

const BUSY: &str = "building and checking";

fn watching(mini: &Mini, words: &[&str]) -> Terminal {
    let root = mini.path("");
    let root = root.to_str().expect("its name is UTF-8");
    let words = [&["--root", root, "watch"], words].concat();
    Terminal::run(env!("CARGO_BIN_EXE_runner"), &words, mini.environment())
}

fn watching_on(size: (u16, u16), mini: &Mini) -> Terminal {
    let root = mini.path("");
    let root = root.to_str().expect("its name is UTF-8");
    let words = ["--root", root, "watch"];
    let program = env!("CARGO_BIN_EXE_runner");
    Terminal::of_size(size, program, &words, mini.environment())
}

#[test]
fn on_a_small_screen_the_findings_stay_and_what_holds_is_a_count() {
    let mini = Mini::new();
    mini.write("lessons/01_one/main.rs", LONG_REPORT);
    let mut terminal = watching_on((24, 80), &mini);
    let screen = terminal.shows(&["39 of 40 hold.", "q quit"], &[BUSY]);
    for expected in [
        "01 One  lessons",
        "✘ expectation 1 — it does not. Why?",
        "✔ 39 hold",
    ] {
        assert!(screen.contains(expected), "{screen}");
    }
    // A hint goes below them, and takes nothing away.
    terminal.press("h");
    let screen = terminal.shows(&["01 One: Nudge", "q quit"], &[]);
    assert!(screen.contains("✘ expectation 1"), "{screen}");
    assert!(screen.starts_with("01 One  lessons"), "{screen}");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn in_40_columns_words_are_whole() {
    let mini = Mini::new();
    let mut terminal = watching_on((18, 40), &mini);
    let screen = terminal.shows(&["1 of 2 hold.", "q quit"], &[BUSY]);
    let finding = "  ✘ says 42 — it says something else.\n    What is six times seven?\n";
    assert!(screen.contains(finding), "{screen}");
    let keys = "r run again   h hint   n next   l list\na check all   q quit";
    assert!(screen.contains(keys), "{screen}");
    // With a hint below it there is no room for the finding's words any more.
    terminal.press("h");
    let screen = terminal.shows(&["01 One: Nudge", "q quit"], &[]);
    assert!(screen.starts_with("01 One  lessons"), "{screen}");
    assert!(screen.contains("✘ says 42"), "{screen}");
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn a_save_is_built_and_checked_and_a_key_goes_on() {
    let mini = Mini::new();
    let mut terminal = watching(&mini, &[]);
    let screen = terminal.shows(&["✘ says 42", "q quit"], &[BUSY]);
    assert!(
        screen.starts_with("01 One  lessons/01_one/exercise.rs"),
        "{screen}"
    );

    mini.answer("01_one", BROKEN);
    let screen = terminal.shows(&["error[E0425]", "q quit"], &[BUSY]);
    assert!(screen.contains("lesson01 does not compile."), "{screen}");
    let place = "--> lessons/01_one/exercise.rs:2:5";
    assert!(screen.contains(place), "{screen}");

    mini.answer("01_one", PASSES);
    terminal.shows(&["✔ says 42", "n goes on", "q quit"], &[BUSY]);
    assert_eq!(mini.progress(), "01_one open\n01_one passed");

    terminal.press("n");
    terminal.shows(&["02 Two", "✘ says 42", "q quit"], &[BUSY]);
    assert_eq!(mini.progress().lines().last(), Some("02_two open"));
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn without_file_events_the_file_is_read_repeatedly() {
    let mini = Mini::new();
    let mut terminal = watching(&mini, &["--poll"]);
    terminal.shows(&["so the file is read", "✘ says 42"], &[BUSY]);
    mini.answer("01_one", PASSES);
    terminal.shows(&["✔ says 42"], &[BUSY]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn what_is_known_is_shown_before_the_end_and_a_save_ends_the_run() {
    let mini = Mini::new();
    mini.answer("01_one", ENDLESS);
    let mut terminal = watching(&mini, &[]);
    terminal.shows(&["│ so far", "✔ says more than 40", BUSY, "  says 42"], &[]);
    mini.answer("01_one", PASSES);
    terminal.shows(&["✔ says 42"], &[BUSY]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn keys_give_hints_the_list_and_the_grid_and_run_again() {
    let mini = Mini::new();
    let mut terminal = watching(&mini, &["02"]);
    terminal.shows(&["✘ says 42", "q quit"], &[BUSY]);
    terminal.press("h");
    terminal.shows(&["✘ says 42", "02 Two: Nudge"], &[]);
    terminal.press("h");
    terminal.shows(&["02 Two: Pointer"], &["Nudge"]);
    terminal.press("h");
    terminal.shows(&["02 Two: Nearly there"], &["Pointer"]);
    terminal.press("h");
    let screen = terminal.shows(&["There is no further hint."], &[]);
    assert!(screen.contains("cargo run -- diff 02 --spoil"), "{screen}");
    terminal.press("l");
    terminal.shows(
        &["○ 02 Two    ← you are here", "II. More numbers"],
        &["Nearly there"],
    );
    mini.answer("02_two", PASSES);
    terminal.shows(&["✔ says 42"], &[BUSY]);
    terminal.press("a");
    terminal.shows(&["· 01 One", "✔ 02 Two", "1 of 3 pass."], &[BUSY]);
    terminal.press("r");
    terminal.shows(&["✔ says 42"], &[BUSY, "1 of 3"]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn next_leaves_an_open_exercise_only_when_it_is_pressed_twice() {
    let mini = Mini::new();
    let mut terminal = watching(&mini, &[]);
    terminal.shows(&["✘ says 42", "q quit"], &[BUSY]);
    terminal.press("n");
    terminal.shows(&["01 One", "n once more leaves it open"], &[]);
    terminal.press("n");
    terminal.shows(&["02 Two", "✘ says 42"], &[BUSY]);
    terminal.press("q");
    assert_eq!(terminal.ended(), 0);
}

#[test]
fn ctrl_c_ends_it_in_the_middle_of_a_run_and_restores_the_terminal() {
    let mini = Mini::new();
    mini.answer("01_one", ENDLESS);
    let mut terminal = watching(&mini, &[]);
    terminal.shows(&[BUSY], &[]);
    terminal.press("\u{3}");
    assert_eq!(terminal.ended(), 130);
}

#[test]
fn a_system_that_shuts_down_ends_it_and_restores_the_terminal() {
    let mini = Mini::new();
    let mut terminal = watching(&mini, &[]);
    terminal.shows(&["✘ says 42"], &[BUSY]);
    terminal.terminate();
    assert_eq!(terminal.ended(), 130);
}

/// Names the part of this program that is run in a terminal of its own.
const PANIC: &str = "WORKBOOK_TEST_PANIC";

#[test]
#[ignore = "it is no test, but what the next one starts in a terminal"]
fn panics_in_raw_mode() {
    if env::var_os(PANIC).is_some() {
        let _raw = RawMode::begin().expect("it runs in a terminal");
        panic!("a mistake of ours");
    }
}

#[test]
fn a_panic_is_readable_and_restores_the_terminal() {
    let this = env::current_exe().expect("this program has a path");
    let mut terminal = Terminal::run(
        this.to_str().expect("its name is UTF-8"),
        &[
            "--ignored",
            "--exact",
            "watch::panics_in_raw_mode",
            "--nocapture",
        ],
        vec![(PANIC, Some("1".into()))],
    );
    let screen = terminal.shows(&["a mistake of ours", "1 failed"], &[]);
    // In stairs, the line would begin below the end of the one before.
    assert!(screen.contains("\na mistake of ours"), "{screen}");
    assert_eq!(terminal.ended(), 101);
}

#[test]
fn plain_and_without_a_terminal_keys_are_letters_with_enter() {
    let mini = Mini::new();
    let mut command = mini.command(&["watch", "--plain"]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut runner = command.spawn().expect("cargo has built the runner");
    let mut keys = runner.stdin.take().expect("it is piped");
    let mut lines = BufReader::new(runner.stdout.take().expect("it is piped")).lines();
    let mut until = |words: &str| {
        let mut seen = String::new();
        while !seen.contains(words) {
            let line = lines
                .next()
                .unwrap_or_else(|| panic!("{words} never came:\n{seen}"));
            seen.push_str(&line.expect("it prints UTF-8"));
            seen.push('\n');
        }
        seen
    };
    let seen = until("A letter, then Enter");
    assert!(seen.contains("fails: says 42"), "{seen}");
    keys.write_all(b"h\n").expect("it listens");
    let seen = until("A letter, then Enter");
    assert!(seen.contains("01 One: Nudge"), "{seen}");
    assert!(!seen.contains('\u{1b}'), "{seen:?}");
    mini.answer("01_one", PASSES);
    // Where no more keys can come, it ends with the run that goes on.
    until("building and checking");
    drop(keys);
    until("holds: says 42");
    let output = runner.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
}
