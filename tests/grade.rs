//! The grader's promises that no exercise shows: code that never comes to rest is ended, what an
//! exercise prints is passed on, a process that ends too early is noticed, and the verdict is kept.

use std::process::Command;
use std::time::Duration;
use std::{env, hint};

use progress::{ExerciseState, Layout, Records, Report};
use workbook::grade::{self, Check, Graded, PATIENCE};

/// Names what the graded process is to do; this test program starts itself again to do it.
const MISBEHAVE: &str = "WORKBOOK_TEST_MISBEHAVE";

/// More lines than a report shows.
const CHATTER: usize = 1000;

/// What a graded process of each kind does in its only expectation.
fn misbehaving(kind: &str) -> Check {
    let check = Check::new();
    match kind {
        "spin" => check
            .expects("comes to rest")
            .hint("Hint.")
            .plays(async |_| {
                loop {
                    hint::spin_loop();
                }
            }),
        "spin later" => check
            .expects("holds")
            .hint("Hint.")
            .plays(async |_| Ok(()))
            .expects("comes to rest")
            .hint("Hint.")
            .plays(async |_| {
                loop {
                    hint::spin_loop();
                }
            })
            .expects("is not tried")
            .hint("Hint.")
            .plays(async |_| Ok(())),
        "print without newline" => check
            .expects("holds")
            .hint("Hint.")
            .plays(async |_| {
                print!("no newline");
                Ok(())
            })
            .expects("holds, too")
            .hint("Hint.")
            .plays(async |_| Ok(())),
        "exit" => check
            .expects("comes to rest")
            .hint("Hint.")
            .plays(async |_| std::process::exit(0)),
        "print" => check
            .expects("comes to rest")
            .hint("Hint.")
            .plays(async |_| {
                println!("a line of the student's");
                Ok(())
            }),
        "chatter" => check
            .expects("comes to rest")
            .hint("Hint.")
            .plays(async |_| {
                for number in 0..CHATTER {
                    println!("line {number}");
                }
                Ok(())
            }),
        "wait" => check
            .expects("comes to rest")
            .hint("Hint.")
            .plays(async |_| std::future::pending().await),
        "sleep" => check
            .expects("sleeps for a day")
            .hint("Hint.")
            .plays(async |lab| {
                lab.sleep(Duration::from_secs(24 * 60 * 60)).await;
                Ok(())
            })
            .expects("waits for ever")
            .hint("Hint.")
            .silence(Duration::from_secs(60))
            .plays(async |_| std::future::pending().await),
        "nothing" => check,
        _ => panic!("no such misbehaviour: {kind}"),
    }
}

/// Not a test of its own: it is what the others start in a process of its own.
#[test]
fn graded_process() {
    if let Ok(kind) = env::var(MISBEHAVE) {
        // The test runner may have begun a line.
        println!();
        let _ = grade::here(&misbehaving(&kind));
    }
}

fn graded(kind: &str, patience: Duration) -> (Graded, String) {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command
        .args(["--exact", "grade::graded_process", "--nocapture"])
        .env(MISBEHAVE, kind);
    let mut report = Vec::new();
    let mut out = anstream::StripStream::new(&mut report);
    let graded = grade::watch(
        command,
        patience,
        "01_unary",
        std::convert::identity,
        &mut out,
    )
    .expect("it can be started");
    (graded, String::from_utf8(report).expect("it prints UTF-8"))
}

#[test]
fn code_that_never_yields_is_ended_and_named() {
    // Patience is short here, because the code is known never to yield.
    let (graded, report) = graded("spin", Duration::from_secs(1));
    assert_eq!(graded, Graded::Findings);
    assert!(
        report.contains("✘ comes to rest — it did not come to rest in 1 s of real time"),
        "{report}"
    );
    assert!(report.contains("0 of 1 hold"), "{report}");
}

#[test]
fn what_was_found_before_stays_and_what_was_not_tried_is_listed() {
    let (graded, report) = graded("spin later", Duration::from_secs(1));
    assert_eq!(graded, Graded::Findings);
    assert!(
        report.contains("\n  ✔ holds\n  ✘ comes to rest — "),
        "{report}"
    );
    assert!(report.contains("\n  · is not tried\n"), "{report}");
    assert!(report.contains("\n1 of 3 hold."), "{report}");
}

#[test]
fn a_print_without_a_newline_does_not_hide_a_verdict() {
    let (graded, report) = graded("print without newline", PATIENCE);
    assert_eq!(graded, Graded::Passed, "{report}");
    let expected = "  │ no newline\n  ✔ holds\n  ✔ holds, too\n\nAll 2 hold.";
    assert!(report.contains(expected), "{report}");
}

#[test]
fn a_deadlock_is_reported_at_once() {
    let (graded, report) = graded("wait", PATIENCE);
    assert_eq!(graded, Graded::Findings);
    assert!(
        report.contains("✘ comes to rest — nothing for 1 h 00 min of virtual time"),
        "{report}"
    );
}

#[test]
fn an_expectation_may_sleep_and_says_how_long_its_silence_lasts() {
    let (_, report) = graded("sleep", PATIENCE);
    assert!(report.contains("✔ sleeps for a day"), "{report}");
    assert!(
        report.contains("✘ waits for ever — nothing for 1 min 00 s of virtual time"),
        "{report}"
    );
}

#[test]
fn a_process_that_ends_in_the_middle_has_not_passed() {
    let (graded, report) = graded("exit", PATIENCE);
    assert_eq!(graded, Graded::Findings);
    assert!(
        report.contains("the process ended in the middle of it"),
        "{report}"
    );
}

#[test]
fn what_the_student_prints_is_passed_on() {
    let (graded, report) = graded("print", PATIENCE);
    assert_eq!(graded, Graded::Passed);
    assert!(report.contains("  │ a line of the student's\n"), "{report}");
}

#[test]
fn of_a_student_who_prints_in_a_loop_the_first_lines_are_passed_on_and_the_rest_is_counted() {
    let (graded, report) = graded("chatter", PATIENCE);
    assert_eq!(graded, Graded::Passed);
    assert!(report.contains("  │ line 0\n"), "{report}");
    assert!(!report.contains("line 999"), "{report}");
    let rest = "more lines that your code printed";
    assert!(report.contains(rest), "{report}");
}

#[test]
fn a_check_without_expectations_has_not_passed() {
    assert_eq!(graded("nothing", PATIENCE).0, Graded::Findings);
}

#[test]
fn a_check_keeps_its_verdict_where_the_runner_finds_it() {
    let folder = tempfile::tempdir().expect("the system gives us a folder");
    let file = folder.path().join("progress.txt");
    let ended = Command::new(env!("CARGO_BIN_EXE_lesson01"))
        .arg("check")
        .env(progress::VARIABLE, &file)
        .output()
        .expect("cargo has built the program")
        .status;
    let text = std::fs::read_to_string(&file).expect("it is written");
    let progress = progress::Progress::parse(&text);
    // Whether the exercise passes is the student's matter.
    let expected = if ended.success() {
        ExerciseState::Passed
    } else {
        ExerciseState::Open
    };
    assert_eq!(progress.state("01_unary"), expected);
    assert_eq!(progress.place(), Some("01_unary"));
}

#[test]
fn as_records_a_check_reports_the_same_and_keeps_nothing() {
    let folder = tempfile::tempdir().expect("the system gives us a folder");
    let file = folder.path().join("progress.txt");
    let check = |words: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_lesson01"))
            .args(words)
            .env(progress::VARIABLE, &file)
            .output()
            .expect("cargo has built the program")
    };
    let records = check(&["check", "--records"]);
    assert!(
        !file.exists(),
        "the reader of the records keeps the verdict"
    );
    let mut report = Report::new();
    for record in Records::of(records.stdout.as_slice()) {
        report.take(record);
    }
    assert!(report.is_complete());
    let text = check(&["check"]);
    assert_eq!(text.status.code(), records.status.code());
    let layout = Layout::DEFAULT;
    let expected = anstream::adapter::strip_str(&report.text(layout)).to_string();
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.starts_with(&format!("{expected}\n{}", report.summary())),
        "{text}"
    );
}

#[test]
fn a_verdict_that_cannot_be_kept_is_a_verdict_all_the_same() {
    let folder = tempfile::tempdir().expect("the system gives us a folder");
    let check = |progress: &std::path::Path| {
        Command::new(env!("CARGO_BIN_EXE_lesson01"))
            .arg("check")
            .env(progress::VARIABLE, progress)
            .output()
            .expect("cargo has built the program")
    };
    let kept = check(std::path::Path::new(""));
    let lost = check(folder.path());
    assert_eq!(lost.status.code(), kept.status.code());
    assert_eq!(lost.stdout, kept.stdout);
    let said = String::from_utf8_lossy(&lost.stderr);
    assert!(
        said.starts_with("error: your progress is not kept: "),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}
