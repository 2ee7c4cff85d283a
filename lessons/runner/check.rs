//! `check`: one lesson.

use std::io::BufReader;
use std::path::Path;
use std::process::{Command, Stdio};

use progress::{Record, Records, Report};

use crate::cargo;
use crate::context::{Context, Done, Failure, NOT_PASSED, SUCCESS};
use crate::course::Lesson;
use crate::home::next_command;
use crate::style::BOLD;

/// Builds and grades one lesson, and shows what the compiler and the check say.
pub(crate) fn one(context: &Context, name: Option<&str>) -> Done {
    let lesson = context.chosen(name)?;
    context.turn_to(&lesson)?;
    context.say(&format!("{BOLD}{}{BOLD:#}\n", lesson.title))?;
    there_is_one(context, &lesson)?;
    let style = context.style;
    let Some(program) = cargo::build_lesson(context, &lesson)? else {
        context.keep(&lesson, false)?;
        let advice = style.wrapped(&does_not_compile(&lesson), "");
        context.say(&format!("\n{advice}"))?;
        return Ok(NOT_PASSED);
    };
    let report = graded(context, &lesson, &program, |record| {
        context.say(&record.text(style.layout()))
    })?;
    context.keep(&lesson, report.passed())?;
    context.say(&format!("\n{}\n", report.summary()))?;
    if report.passed() {
        let number = lesson.number();
        context
            .say(&style.with_command("To compare it:", &format!("cargo run -- diff {number}")))?;
        context.say(&next_command(context, &context.progress()?))?;
        return Ok(SUCCESS);
    }
    let change = format!("Change {}, then again:", lesson.exercise());
    context.say(&style.with_command(&change, "cargo run -- check"))?;
    Ok(NOT_PASSED)
}

/// Grades a lesson's exercise. Each record is shown as it comes, so that the findings before an
/// endless loop do not wait for the watchdog.
pub(crate) fn graded(
    context: &Context,
    lesson: &Lesson,
    program: &Path,
    show: impl Fn(&Record) -> Result<(), Failure>,
) -> Result<Report, Failure> {
    let cannot_run = |error| cargo::cannot_start(lesson, &error);
    let mut check = command(context.course.root(), program)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(cannot_run)?;
    let mut report = Report::new();
    if let Some(stdout) = check.stdout.take() {
        for record in Records::of(BufReader::new(stdout)) {
            show(&record)?;
            report.take(record);
        }
    }
    check.wait().map_err(cannot_run)?;
    if report.is_complete() {
        Ok(report)
    } else {
        Err(no_verdict(lesson))
    }
}

/// A lesson's program that reports its check as records.
pub(crate) fn command(root: &Path, program: &Path) -> Command {
    cargo::lesson_command(root, program, &["check", "--records"])
}

/// The check has ended before its end, which says nothing about the exercise.
pub(crate) fn no_verdict(lesson: &Lesson) -> Failure {
    Failure::because(format!(
        "the check of {} came to no verdict. Your progress is as it was.",
        lesson.program()
    ))
}

/// An exercise that is not there needs other advice than one that does not compile.
pub(crate) fn there_is_one(context: &Context, lesson: &Lesson) -> Result<(), Failure> {
    let name = lesson.exercise();
    if context.path(&name).is_file() {
        return Ok(());
    }
    Err(Failure::because(format!(
        "{name} is not there. `cargo run -- reset {}` puts the starter there.",
        lesson.number()
    )))
}

/// What to do when the compiler has said why.
pub(crate) fn does_not_compile(lesson: &Lesson) -> String {
    format!(
        "{} does not compile. Correct {} first.",
        lesson.program(),
        lesson.exercise()
    )
}
