//! `check` and `check --all`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use crate::mini::{BROKEN, ENDLESS, Mini, PASSES, STARTER, WARNS};

#[test]
fn a_check_shows_the_lessons_own_findings_and_ends_with_1() {
    let mini = Mini::new();
    let ran = mini.run(&["check"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout
            .starts_with("01 One\n  ✔ says more than 40\n  ✘ says 42 — it says something else. "),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("\n\n1 of 2 hold.\n"), "{}", ran.stdout);
    assert_eq!(mini.progress(), "01_one open");
}

#[test]
fn a_check_that_passes_ends_with_0_and_the_next_command() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    let ran = mini.run(&["check", "01"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout
            .ends_with("\nTo compare it: cargo run -- diff 01\n\nNext: cargo run -- next\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(mini.progress(), "01_one open\n01_one passed");
}

#[test]
fn what_has_passed_and_fails_now_is_shown_so() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n02_two open\n");
    let ran = mini.run(&["check", "01"]);
    assert_eq!(ran.code, Some(1));
    let home = mini.run(&[]).stdout;
    assert!(home.contains("✘ 01 One    ← you are here"), "{home}");
}

#[test]
fn what_does_not_compile_is_shown_as_cargo_shows_it() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n");
    mini.answer("01_one", BROKEN);
    let ran = mini.run(&["check", "01"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("error[E0425]"), "{}", ran.stderr);
    let place = "lessons/01_one/exercise.rs:2:5";
    let stderr = ran.stderr.replace('\\', "/");
    assert!(stderr.contains(place), "{stderr}");
    assert!(
        ran.stdout
            .ends_with("lesson01 does not compile. Correct lessons/01_one/exercise.rs first.\n"),
        "{}",
        ran.stdout
    );
    assert!(mini.run(&[]).stdout.contains("✘ 01 One"));
}

#[test]
fn check_all_shows_a_grid_and_ends_with_0_only_when_everything_passes() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n03_three open\n03_three passed\n02_two open\n");
    mini.answer("01_one", BROKEN);
    mini.answer("02_two", PASSES);
    let ran = mini.run(&["check", "--all"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.stdout,
        "  \
  ✘ 01 One    does not compile: see above
  ✔ 02 Two    All 2 hold
  ✘ 03 Three  is its starter again

1 of 3 pass.
1 does not.
1 is an unchanged starter.
01 One passed before and fails now.
03 Three passed before and fails now.

Next: cargo run -- next
"
    );
    assert!(ran.stderr.contains("error[E0425]"), "{}", ran.stderr);

    mini.answer("01_one", PASSES);
    mini.answer("03_three", PASSES);
    let ran = mini.run(&["check", "--all"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("\n3 of 3 pass.\n"), "{}", ran.stdout);
}

#[test]
fn a_starter_that_was_put_back_by_hand_counts_as_a_starter_and_is_not_built() {
    let mini = Mini::new();
    mini.has("01_one passed\n01_one failed\n02_two passed\n");
    let ran = mini.run(&["check", "--all"]);
    assert_eq!(ran.code, Some(1), "both passed before");
    assert!(
        ran.stdout.contains("\n0 of 3 pass.\n3 are unchanged"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("✘ 01 One    is its starter again\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("02 Two passed before and fails now."),
        "{}",
        ran.stdout
    );
    assert!(!mini.path("target").exists(), "nothing is built");
}

#[test]
fn each_record_is_shown_as_it_comes() {
    let mini = Mini::new();
    mini.answer("01_one", ENDLESS);
    let mut command = mini.command(&["check"]);
    let mut check = command.stdout(Stdio::piped()).spawn().expect("it runs");
    let stdout = check.stdout.take().expect("it is piped");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    // The check has not come to its end, and what is known so far is there.
    for expected in ["01 One", "  │ so far", "  ✔ says more than 40"] {
        assert_eq!(lines.next().as_deref(), Some(expected));
    }
    mini.write("stop", "");
    assert_eq!(check.wait().expect("it ends").code(), Some(0));
}

#[test]
fn of_a_build_only_warnings_and_errors_are_shown() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    mini.answer("02_two", WARNS);
    assert_eq!(mini.run(&["check", "1"]).stderr, "");
    let ran = mini.run(&["check", "2"]);
    assert!(
        ran.stderr.starts_with("warning: unused variable: `unused`"),
        "{}",
        ran.stderr
    );
    for noise in ["Compiling", "Finished"] {
        assert!(!ran.stderr.contains(noise), "{}", ran.stderr);
    }
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
}

#[test]
fn a_grid_that_does_not_fit_within_watch_shows_what_fails_and_counts_the_rest() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    mini.answer("02_two", &PASSES.replace("40", "50"));
    let ran = mini.run(&["check", "--all", "--within", "2"]);
    assert_eq!(
        ran.stdout,
        "  \
  ✘ 02 Two    1 of 2 hold

1 of 3 pass.
1 does not.
1 is an unchanged starter.
"
    );
}

#[test]
fn check_all_leaves_me_where_i_was() {
    let mini = Mini::new();
    mini.has("03_three passed\n02_two open\n");
    mini.run(&["check", "--all"]);
    let list = mini.run(&["list"]).stdout;
    assert!(list.contains("02 Two    ← you are here"), "{list}");
    assert!(list.contains("✘ 03 Three"), "{list}");
}

#[test]
fn check_all_leaves_out_what_has_not_been_begun() {
    let mini = Mini::new();
    let ran = mini.run(&["check", "--all", "--plain"]);
    assert_eq!(ran.code, Some(0), "nothing is found");
    assert!(ran.stdout.starts_with("01 One: nothing written yet\n"));
    assert!(
        ran.stdout
            .contains("\n0 of 3 pass.\n3 are unchanged starters.\n")
    );
    assert!(!mini.path("target").exists(), "nothing is built");
}

#[test]
fn two_checks_at_once_lose_nothing() {
    let mini = Mini::new();
    std::thread::scope(|threads| {
        for stem in ["01_one", "02_two"] {
            let mini = &mini;
            mini.answer(stem, PASSES);
            threads.spawn(move || assert_eq!(mini.run(&["check", stem]).code, Some(0)));
        }
    });
    let progress = mini.progress();
    for stem in ["01_one", "02_two"] {
        assert!(progress.contains(&format!("{stem} passed")), "{progress}");
    }
}

#[test]
fn in_a_grid_only_what_is_begun_counts() {
    let mini = Mini::new();
    // It has not been turned to with the runner.
    mini.answer("02_two", PASSES);
    let ran = mini.run(&["check", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("\n1 of 3 pass.\n2 are unchanged starters.\n")
    );
    assert_eq!(mini.progress(), "02_two passed");
}

#[test]
fn a_reader_that_goes_is_no_verdict_on_the_exercise() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    let mut runner = mini.command(&["check"]);
    let mut runner = runner.stdout(Stdio::piped()).spawn().expect("it runs");
    drop(runner.stdout.take());
    assert_eq!(runner.wait().expect("it ends").code(), Some(0));
    assert_eq!(mini.progress(), "01_one open\n01_one passed");
}

#[test]
fn an_exercise_that_is_gone_is_said_so() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n");
    std::fs::remove_file(mini.path("lessons/01_one/exercise.rs")).expect("it was there");
    let ran = mini.run(&["check", "01"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.stderr,
        "error: lessons/01_one/exercise.rs is not there. `cargo run -- reset 01` puts the starter \
         there.\n"
    );
    let reset = mini.run(&["reset", "01"]);
    assert_eq!(reset.code, Some(0), "{}", reset.stderr);
    assert_eq!(mini.read("lessons/01_one/exercise.rs"), STARTER);
}

#[test]
fn a_cargo_that_builds_nothing_is_no_verdict_on_the_exercise() {
    let mini = Mini::new();
    mini.has("01_one open\n01_one passed\n");
    mini.answer("01_one", PASSES);
    mini.write("Cargo.toml", "this is no manifest");
    for words in [&["check"][..], &["check", "--all"]] {
        let ran = mini.run(words);
        assert_eq!(ran.code, Some(1));
        let advice = "error: cargo could not build anything, and says above why.";
        assert!(ran.stderr.contains(advice), "{}", ran.stderr);
        assert_eq!(mini.progress(), "01_one open\n01_one passed");
    }
}

#[test]
fn without_cargo_it_is_said_what_to_install() {
    let mini = Mini::new();
    let mut command = mini.command(&["check"]);
    let output = command.env("CARGO", "/no/such/cargo").output();
    let output = output.expect("cargo has built the runner");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.starts_with("error: cargo cannot be run"), "{stderr}");
}
