//! Every exercise: its starter fails with the finding that its chapter shows, its solution passes,
//! and each wrong answer fails with the finding that names its mistake.
//!
//! Only what stands in `solutions/` is graded here, never a student's `exercise.rs`. Each grading
//! runs in a process of its own: this very program, started again with `--grade STEM ANSWER`.

mod support;

use std::collections::BTreeSet;
use std::process::{Command, ExitCode};
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};
use workbook::grade::{self, Check, Graded, PATIENCE};

use support::snapshot;

/// One answer to an exercise, mounted beside the exercise's check.
struct Answer {
    stem: &'static str,
    name: &'static str,
    check: fn() -> Check,
    /// The expectation that it must not meet; None for the solution.
    fails: Option<&'static str>,
}

/// Mounts an answer the way a lesson mounts its exercise: as the sibling of its check.
macro_rules! mount {
    ($module:ident: $folder:literal, $answer:literal, $check:literal $(, $sibling:ident: $path:literal)?) => {
        #[path = $folder]
        mod $module {
            #[path = $check]
            mod check;
            #[path = $answer]
            mod exercise;
            $(
                #[path = $path]
                #[allow(dead_code, reason = "the lesson's own scenes use all of it, one answer need not")]
                mod $sibling;
            )?
            pub use check::check;
        }
    };
}

mount!(_01_starter: "../solutions/01_unary", "starter.rs", "../../lessons/01_unary/check.rs");
mount!(_01_solution: "../solutions/01_unary", "solution.rs", "../../lessons/01_unary/check.rs");
mount!(_01_wrong_panics: "../solutions/01_unary", "wrong_panics.rs", "../../lessons/01_unary/check.rs");
mount!(_01_wrong_error_in_ok: "../solutions/01_unary", "wrong_error_in_ok.rs", "../../lessons/01_unary/check.rs");
mount!(_01_wrong_code: "../solutions/01_unary", "wrong_code.rs", "../../lessons/01_unary/check.rs");
mount!(_01_wrong_white_space: "../solutions/01_unary", "wrong_white_space.rs", "../../lessons/01_unary/check.rs");
mount!(_01_wrong_silent: "../solutions/01_unary", "wrong_silent.rs", "../../lessons/01_unary/check.rs");

mount!(_02_starter: "../solutions/02_server_streaming", "starter.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");
mount!(_02_solution: "../solutions/02_server_streaming", "solution.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");
mount!(_02_wrong_collects_first: "../solutions/02_server_streaming", "wrong_collects_first.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");
mount!(_02_wrong_loops_for_ever: "../solutions/02_server_streaming", "wrong_loops_for_ever.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");
mount!(_02_wrong_gives_nothing: "../solutions/02_server_streaming", "wrong_gives_nothing.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");
mount!(_02_wrong_stops_silently: "../solutions/02_server_streaming", "wrong_stops_silently.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");
mount!(_02_wrong_reads_on: "../solutions/02_server_streaming", "wrong_reads_on.rs", "../../lessons/02_server_streaming/check.rs", table: "../../lessons/02_server_streaming/table.rs");

mount!(_03_starter: "../solutions/03_client_streaming", "starter.rs", "../../lessons/03_client_streaming/check.rs");
mount!(_03_solution: "../solutions/03_client_streaming", "solution.rs", "../../lessons/03_client_streaming/check.rs");
mount!(_03_wrong_reads_first: "../solutions/03_client_streaming", "wrong_reads_first.rs", "../../lessons/03_client_streaming/check.rs");
mount!(_03_wrong_keeps_the_sender: "../solutions/03_client_streaming", "wrong_keeps_the_sender.rs", "../../lessons/03_client_streaming/check.rs");
mount!(_03_wrong_ignores_send_error: "../solutions/03_client_streaming", "wrong_ignores_send_error.rs", "../../lessons/03_client_streaming/check.rs");
mount!(_03_wrong_status_of_the_send: "../solutions/03_client_streaming", "wrong_status_of_the_send.rs", "../../lessons/03_client_streaming/check.rs");
mount!(_03_wrong_error_as_end: "../solutions/03_client_streaming", "wrong_error_as_end.rs", "../../lessons/03_client_streaming/check.rs");

mount!(_04_starter: "../solutions/04_bidi_streaming", "starter.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_solution: "../solutions/04_bidi_streaming", "solution.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_wrong_says_all_first: "../solutions/04_bidi_streaming", "wrong_says_all_first.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_wrong_alternates: "../solutions/04_bidi_streaming", "wrong_alternates.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_wrong_stops_at_half_close: "../solutions/04_bidi_streaming", "wrong_stops_at_half_close.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_wrong_keeps_the_sender: "../solutions/04_bidi_streaming", "wrong_keeps_the_sender.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_wrong_waits_for_the_lines: "../solutions/04_bidi_streaming", "wrong_waits_for_the_lines.rs", "../../lessons/04_bidi_streaming/check.rs");
mount!(_04_wrong_swallows_the_status: "../solutions/04_bidi_streaming", "wrong_swallows_the_status.rs", "../../lessons/04_bidi_streaming/check.rs");

/// Every answer, and the expectation that it must not meet.
fn answers() -> Vec<Answer> {
    vec![
        // 01_unary
        answer(
            "01_unary",
            "starter",
            _01_starter::check,
            Some("greets by name"),
        ),
        answer("01_unary", "solution", _01_solution::check, None),
        answer(
            "01_unary",
            "wrong_panics",
            _01_wrong_panics::check,
            Some("an empty name ends the call with InvalidArgument"),
        ),
        answer(
            "01_unary",
            "wrong_error_in_ok",
            _01_wrong_error_in_ok::check,
            Some("an empty name ends the call with InvalidArgument"),
        ),
        answer(
            "01_unary",
            "wrong_code",
            _01_wrong_code::check,
            Some("an empty name ends the call with InvalidArgument"),
        ),
        answer(
            "01_unary",
            "wrong_white_space",
            _01_wrong_white_space::check,
            Some("a name of white space is refused like an empty one"),
        ),
        answer(
            "01_unary",
            "wrong_silent",
            _01_wrong_silent::check,
            Some("the status says which field is wrong"),
        ),
        // 02_server_streaming
        answer(
            "02_server_streaming",
            "starter",
            _02_starter::check,
            Some("streams every user, in order"),
        ),
        answer("02_server_streaming", "solution", _02_solution::check, None),
        answer(
            "02_server_streaming",
            "wrong_collects_first",
            _02_wrong_collects_first::check,
            Some("the first user leaves as soon as the first page is read"),
        ),
        answer(
            "02_server_streaming",
            "wrong_loops_for_ever",
            _02_wrong_loops_for_ever::check,
            Some("a page_size of 0 or less means 10"),
        ),
        answer(
            "02_server_streaming",
            "wrong_gives_nothing",
            _02_wrong_gives_nothing::check,
            Some("a page_size of 0 or less means 10"),
        ),
        answer(
            "02_server_streaming",
            "wrong_stops_silently",
            _02_wrong_stops_silently::check,
            Some("a page that cannot be read ends the call with an error"),
        ),
        answer(
            "02_server_streaming",
            "wrong_reads_on",
            _02_wrong_reads_on::check,
            Some("reads nothing more once the client has left"),
        ),
        // 03_client_streaming
        answer(
            "03_client_streaming",
            "starter",
            _03_starter::check,
            Some("every byte arrives, in order and numbered from 0"),
        ),
        answer("03_client_streaming", "solution", _03_solution::check, None),
        answer(
            "03_client_streaming",
            "wrong_reads_first",
            _03_wrong_reads_first::check,
            Some("the first chunk is sent before the file is read to its end"),
        ),
        answer(
            "03_client_streaming",
            "wrong_keeps_the_sender",
            _03_wrong_keeps_the_sender::check,
            Some("the upload comes to an end"),
        ),
        answer(
            "03_client_streaming",
            "wrong_ignores_send_error",
            _03_wrong_ignores_send_error::check,
            Some("stops reading when the server has refused"),
        ),
        answer(
            "03_client_streaming",
            "wrong_status_of_the_send",
            _03_wrong_status_of_the_send::check,
            Some("stops reading when the server has refused"),
        ),
        answer(
            "03_client_streaming",
            "wrong_error_as_end",
            _03_wrong_error_as_end::check,
            Some("a reader that fails is no end of file"),
        ),
        // 04_bidi_streaming
        answer(
            "04_bidi_streaming",
            "starter",
            _04_starter::check,
            Some("says every line, in order, in the room \"lobby\""),
        ),
        answer("04_bidi_streaming", "solution", _04_solution::check, None),
        answer(
            "04_bidi_streaming",
            "wrong_says_all_first",
            _04_wrong_says_all_first::check,
            Some("shows what the server says before the first line"),
        ),
        answer(
            "04_bidi_streaming",
            "wrong_alternates",
            _04_wrong_alternates::check,
            Some("shows a message when it comes, not when the next line is said"),
        ),
        answer(
            "04_bidi_streaming",
            "wrong_stops_at_half_close",
            _04_wrong_stops_at_half_close::check,
            Some("goes on showing after the last line"),
        ),
        answer(
            "04_bidi_streaming",
            "wrong_keeps_the_sender",
            _04_wrong_keeps_the_sender::check,
            Some("returns when both sides have ended"),
        ),
        answer(
            "04_bidi_streaming",
            "wrong_waits_for_the_lines",
            _04_wrong_waits_for_the_lines::check,
            Some(
                "returns the status of a call that the server ends, though lines are still to come",
            ),
        ),
        answer(
            "04_bidi_streaming",
            "wrong_swallows_the_status",
            _04_wrong_swallows_the_status::check,
            Some(
                "returns the status of a call that the server ends, though lines are still to come",
            ),
        ),
    ]
}

fn answer(
    stem: &'static str,
    name: &'static str,
    check: fn() -> Check,
    fails: Option<&'static str>,
) -> Answer {
    Answer {
        stem,
        name,
        check,
        fails,
    }
}

fn main() -> ExitCode {
    let words: Vec<String> = env::args().collect();
    if let [_, flag, stem, name] = words.as_slice()
        && flag == GRADE
    {
        return grade_here(stem, name);
    }
    let mut trials: Vec<Trial> = answers()
        .into_iter()
        .map(|answer| {
            let name = format!("{}::{}", answer.stem, answer.name);
            Trial::test(name, move || is_graded_as_promised(&answer))
        })
        .collect();
    trials.push(Trial::test(
        "every_file_in_solutions_is_graded",
        every_file_is_graded,
    ));
    trials.push(Trial::test(
        "every_lesson_has_three_wrong_answers",
        three_wrong_answers,
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// Asks this program to grade one answer, instead of running tests.
const GRADE: &str = "--grade";

fn grade_here(stem: &str, name: &str) -> ExitCode {
    let answers = answers();
    let Some(answer) = answers
        .iter()
        .find(|answer| answer.stem == stem && answer.name == name)
    else {
        return ExitCode::from(2);
    };
    match grade::here(&(answer.check)()) {
        Graded::Passed => ExitCode::SUCCESS,
        Graded::Findings => ExitCode::FAILURE,
    }
}

fn is_graded_as_promised(answer: &Answer) -> Result<(), Failed> {
    let Answer {
        stem, name, fails, ..
    } = answer;
    let mut command = Command::new(env::current_exe()?);
    command.args([GRADE, stem, name]);
    let mut report = Vec::new();
    let graded = grade::watch(
        command,
        PATIENCE,
        stem,
        &mut anstream::StripStream::new(&mut report),
    )?;
    // The answers are mounted from here; a student's panic shows the path of exercise.rs.
    let report = String::from_utf8(report)?.replace(
        &format!("tests/../solutions/{stem}/{name}.rs"),
        &format!("lessons/{stem}/exercise.rs"),
    );

    match fails {
        None if graded == Graded::Passed => {}
        None => return Err(format!("the solution does not pass:\n{report}").into()),
        Some(expected) => {
            let found = unwrapped(&report).contains(&format!("✘ {expected} —"));
            if graded != Graded::Findings || !found {
                return Err(format!("expected \"✘ {expected}\" in:\n{report}").into());
            }
        }
    }
    snapshot(&format!("{stem}.check.{name}"), &report);
    Ok(())
}

/// The report with its wrapped lines joined.
fn unwrapped(report: &str) -> String {
    report.replace("\n    ", " ")
}

fn every_file_is_graded() -> Result<(), Failed> {
    let mut files = BTreeSet::new();
    for stem in stems()? {
        for file in fs::read_dir(format!("solutions/{stem}"))? {
            let file = file?.file_name().to_string_lossy().into_owned();
            files.insert(format!("{stem}::{}", file.trim_end_matches(".rs")));
        }
    }
    let graded: BTreeSet<String> = answers()
        .iter()
        .map(|answer| format!("{}::{}", answer.stem, answer.name))
        .collect();
    assert_eq!(
        files, graded,
        "tests/exercises.rs must list every file in solutions/"
    );
    Ok(())
}

fn three_wrong_answers() -> Result<(), Failed> {
    for stem in stems()? {
        let answers = answers();
        let of_lesson = |prefix: &str| {
            answers
                .iter()
                .filter(|a| a.stem == stem && a.name.starts_with(prefix))
                .count()
        };
        assert_eq!(of_lesson("starter"), 1, "{stem}: one starter");
        assert_eq!(of_lesson("solution"), 1, "{stem}: one solution");
        assert!(
            of_lesson("wrong_") >= 3,
            "{stem}: three wrong answers or more"
        );
    }
    Ok(())
}

fn stems() -> Result<BTreeSet<String>, Failed> {
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir("lessons")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            stems.insert(name);
        }
    }
    Ok(stems)
}
