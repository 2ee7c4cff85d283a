use std::thread;

use tempfile::TempDir;

use super::{Entry, ExerciseState, FILE, Log, Progress};

/// A log in a folder of its own, which goes when the test ends.
fn empty() -> (TempDir, Log) {
    let folder = tempfile::tempdir().expect("the system gives us a folder");
    let path = Some(folder.path().join(FILE));
    (folder, Log { path })
}

fn text(log: &Log) -> String {
    std::fs::read_to_string(log.path().expect("it has a file")).expect("it is there")
}

#[test]
fn without_a_file_no_exercise_is_started() {
    let (_folder, log) = empty();
    assert_eq!(log.read().expect("it reads"), Progress::default());
}

#[test]
fn the_last_line_of_a_lesson_counts() {
    let progress = Progress::parse("01_unary open\n01_unary passed\n02_x open\n02_x reset\n");
    assert_eq!(progress.state("01_unary"), ExerciseState::Passed);
    assert_eq!(progress.state("02_x"), ExerciseState::Open);
    assert_eq!(progress.state("03_y"), ExerciseState::NotStarted);
    assert_eq!(progress.place(), Some("02_x"));
}

#[test]
fn what_has_passed_and_fails_now_is_broken_until_it_passes_or_is_reset() {
    let passed = "01_unary passed\n01_unary failed\n";
    let state = |more: &str| Progress::parse(&format!("{passed}{more}")).state("01_unary");
    assert_eq!(state(""), ExerciseState::Broken);
    assert_eq!(state("01_unary open\n"), ExerciseState::Broken);
    assert_eq!(state("01_unary passed\n"), ExerciseState::Passed);
    assert_eq!(state("01_unary reset\n"), ExerciseState::Open);
}

#[test]
fn unknown_lines_are_passed_over_and_kept() {
    let (_folder, log) = empty();
    let strange = "a remark of mine\n01_unary dreamt_of\n\u{fffd}\n01_unary passed\n02_x";
    std::fs::write(log.path().expect("it has a file"), strange).expect("it can be written");
    log.checked("02_x", false).expect("it can be written");
    let progress = log.read().expect("it reads");
    assert_eq!(progress.state("01_unary"), ExerciseState::Passed);
    assert_eq!(progress.state("02_x"), ExerciseState::Open);
    assert_eq!(progress.strange(), 4);
    assert_eq!(text(&log), format!("{strange}\n02_x open\n"));
}

#[test]
fn a_byte_order_mark_hides_nothing() {
    let progress = Progress::parse("\u{feff}01_unary passed\r\n");
    assert_eq!(progress.state("01_unary"), ExerciseState::Passed);
    assert_eq!(progress.strange(), 0);
}

#[test]
fn a_check_that_changes_nothing_writes_nothing() {
    let (_folder, log) = empty();
    for _ in 0..5 {
        log.checked("01_unary", false).expect("it can be written");
    }
    assert_eq!(text(&log).lines().count(), 2, "{}", text(&log));
    for _ in 0..5 {
        log.checked("01_unary", true).expect("it can be written");
        log.note("01_unary", Entry::Open)
            .expect("it can be written");
    }
    assert_eq!(text(&log).lines().count(), 3, "{}", text(&log));
}

#[test]
fn many_runners_at_once_lose_nothing() {
    const RUNNERS: usize = 8;
    const LESSONS: usize = 25;
    let (_folder, log) = empty();
    thread::scope(|threads| {
        for runner in 0..RUNNERS {
            let log = &log;
            threads.spawn(move || {
                for lesson in 0..LESSONS {
                    let stem = format!("{runner}_{lesson}");
                    log.checked(&stem, true).expect("it can be written");
                }
            });
        }
    });
    let progress = log.read().expect("it reads");
    for runner in 0..RUNNERS {
        for lesson in 0..LESSONS {
            assert_eq!(
                progress.state(&format!("{runner}_{lesson}")),
                ExerciseState::Passed,
                "{runner}_{lesson}"
            );
        }
    }
}
