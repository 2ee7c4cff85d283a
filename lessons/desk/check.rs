//! `check`: one lesson.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::course::Lesson;
use crate::desk::{Desk, Done, FOUND, Failure, WELL};
use crate::home::next_command;
use crate::look::{BOLD, has_colour};
use crate::report::Report;
use crate::runner;

/// Builds and grades one lesson, and shows what cargo and the check say.
pub(crate) fn one(desk: &Desk, name: Option<&str>) -> Done {
    let lesson = desk.chosen(name)?;
    desk.turn_to(&lesson)?;
    desk.say(&format!("{BOLD}{}{BOLD:#}\n", lesson.title))?;
    there_is_one(desk, &lesson)?;
    let Some(program) = runner::build_one(desk, &lesson)? else {
        desk.keep(&lesson, false)?;
        desk.say(&format!("\n{}\n", does_not_compile(&lesson)))?;
        return Ok(FOUND);
    };
    let passed = grade(desk, &lesson, &program)?;
    desk.keep(&lesson, passed)?;
    if passed {
        desk.say(&format!(
            "To compare it: cargo run -- diff {}\n",
            lesson.number()
        ))?;
        desk.say(&next_command(desk, &desk.progress()?))?;
        return Ok(WELL);
    }
    desk.say(&format!(
        "Change {}, then again: cargo run -- check\n",
        lesson.exercise()
    ))?;
    Ok(FOUND)
}

/// Shows the check's report while it is made; whether everything holds.
fn grade(desk: &Desk, lesson: &Lesson, program: &Path) -> Result<bool, Failure> {
    let cannot_run = |error| runner::cannot_start(lesson, &error);
    let check = desk.lesson_command(program, &["check"]);
    // Through a pipe: whoever reads our output may go, and that is no verdict on the exercise.
    let mut check = runner::coloured(check, has_colour())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    let mut report = Report::new(desk.look.plain);
    if let Some(stdout) = check.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            if let Some(line) = report.line(&line.map_err(cannot_run)?) {
                desk.say(&format!("{line}\n"))?;
            }
        }
    }
    let ended = check.wait().map_err(cannot_run)?;
    let summary = report.summary().ok_or_else(|| no_verdict(lesson))?;
    desk.say(&format!("{summary}\n"))?;
    Ok(ended.success())
}

/// The check has ended before its end, which says nothing about the exercise.
pub(crate) fn no_verdict(lesson: &Lesson) -> Failure {
    Failure::because(format!(
        "the check of {} came to no verdict. Your progress is as it was.",
        lesson.program()
    ))
}

/// An exercise that is not there needs other advice than one that does not compile.
pub(crate) fn there_is_one(desk: &Desk, lesson: &Lesson) -> Result<(), Failure> {
    let name = lesson.exercise();
    if desk.path(&name).is_file() {
        return Ok(());
    }
    Err(Failure::because(format!(
        "{name} is not there. `cargo run -- reset {}` puts the starter there.",
        lesson.number()
    )))
}

/// What to do when cargo has said why.
pub(crate) fn does_not_compile(lesson: &Lesson) -> String {
    format!(
        "{} does not compile. Mend {} first.",
        lesson.program(),
        lesson.exercise()
    )
}
