//! `check` and `check --all`.

use std::process::Stdio;

use crate::mini::{BROKEN, Mini, PASSES, STARTER};

#[test]
fn a_check_shows_the_lessons_own_findings_and_ends_with_1() {
    let mini = Mini::new();
    let ran = mini.run(&["check"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("01 One\n  ✘ says 42"),
        "{}",
        ran.stdout
    );
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
            .ends_with("lesson01 does not compile. Mend lessons/01_one/exercise.rs first.\n"),
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
  ✔ 02 Two    All 1 hold
  ✘ 03 Three  0 of 1 hold

1 of 3 pass.
01 One has passed before, and fails now.
03 Three has passed before, and fails now.

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
fn check_all_leaves_me_where_i_was() {
    let mini = Mini::new();
    mini.has("03_three passed\n02_two open\n");
    mini.run(&["check", "--all"]);
    let home = mini.run(&[]).stdout;
    assert!(home.contains("02 Two    ← you are here"), "{home}");
    assert!(home.contains("✘ 03 Three"), "{home}");
}

#[test]
fn check_all_leaves_out_what_nobody_has_begun() {
    let mini = Mini::new();
    let ran = mini.run(&["check", "--all", "--plain"]);
    assert_eq!(ran.code, Some(0), "nothing is found");
    assert!(ran.stdout.starts_with("01 One: nothing written yet\n"));
    assert!(
        ran.stdout
            .contains("\n0 of 3 pass.\n3 are still as they came.\n")
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
    // Nobody has turned to it with the desk.
    mini.answer("02_two", PASSES);
    let ran = mini.run(&["check", "--all"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("\n1 of 3 pass.\n2 are still as they came.\n")
    );
    assert_eq!(mini.progress(), "02_two passed");
}

#[test]
fn a_reader_that_goes_is_no_verdict_on_the_exercise() {
    let mini = Mini::new();
    mini.answer("01_one", PASSES);
    let mut desk = mini.command(&["check"]);
    let mut desk = desk.stdout(Stdio::piped()).spawn().expect("it runs");
    drop(desk.stdout.take());
    assert_eq!(desk.wait().expect("it ends").code(), Some(0));
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
    let output = output.expect("cargo has built the desk");
    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.starts_with("error: cargo cannot be run"), "{stderr}");
}
