//! One answer, graded in a process of its own.

use std::env;
use std::process::{Command, ExitCode};

use libtest_mimic::Failed;
use progress::Record;
use workbook::grade::{self, Graded, PATIENCE};

use super::answers;
use super::mount::Answer;
use super::support::snapshot;

/// Asks this program to grade one answer, instead of running tests.
pub const GRADE: &str = "--grade";

pub fn grade_here(stem: &str, name: &str) -> ExitCode {
    let answers = answers();
    let Some(answer) = answers
        .iter()
        .find(|answer| answer.stem == stem && answer.name() == name)
    else {
        return ExitCode::from(2);
    };
    let check = (answer.check)();
    // A wrong answer is there for one finding. The starter's whole report is in the book.
    let check = match answer.fails {
        Some(expected) if name != "starter" => check.only(expected),
        _ => check,
    };
    match grade::here(&check) {
        Graded::Passed => ExitCode::SUCCESS,
        Graded::Findings => ExitCode::FAILURE,
    }
}

pub fn is_graded_as_promised(answer: &Answer) -> Result<(), Failed> {
    let Answer { stem, fails, .. } = answer;
    let name = answer.name();
    let mut command = Command::new(env::current_exe()?);
    command.args([GRADE, stem, name]);
    let mut report = Vec::new();
    // The answers are mounted from here; a student's panic shows the path of exercise.rs.
    let as_a_student_sees_it = |mut record: Record| {
        if let Record::Todo { place, .. } | Record::Finding { seen: place, .. } = &mut record {
            *place = place.replace(
                &format!("solutions/{stem}/{name}.rs"),
                &format!("lessons/{stem}/exercise.rs"),
            );
        }
        record
    };
    let graded = grade::watch(
        command,
        PATIENCE,
        stem,
        as_a_student_sees_it,
        &mut anstream::StripStream::new(&mut report),
    )?;
    let report = String::from_utf8(report)?;

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
    snapshot(&format!("{stem}/check.{name}"), &report);
    Ok(())
}

/// The report with its wrapped lines joined.
fn unwrapped(report: &str) -> String {
    report.replace("\n    ", " ")
}
